// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Who may validate: stakes, the pending queue and the checkpointed set (SET-1..3).
interface IValidatorRegistry {
    enum Status {
        None,
        Pending,
        Active,
        Exiting
    }

    /// @param withdrawer who may exit, and who receives the stake
    /// @param index position in the set while active
    /// @param withdrawableEpoch from which epoch on the stake can be withdrawn, while exiting
    struct Validator {
        address withdrawer;
        Status status;
        uint32 index;
        uint32 withdrawableEpoch;
        uint128 stake;
    }

    /// @notice What an attester consents to.
    /// @param amount exact stake, wei
    /// @param sender who may bring it; zero: anyone
    /// @param withdrawer who may exit and receives the stake
    /// @param deadline last second in which it is good
    struct Consent {
        uint256 amount;
        address sender;
        address withdrawer;
        uint256 deadline;
    }

    event ValidatorStaked(bytes32 indexed pubkey, address indexed withdrawer, uint256 amount);
    event ValidatorAdded(bytes32 indexed pubkey, uint256 effectiveEpoch);
    event ValidatorExiting(bytes32 indexed pubkey, uint256 effectiveEpoch, uint256 withdrawableEpoch);
    event StakeToppedUp(bytes32 indexed pubkey, address indexed sender, uint256 amount);
    event ConsentCancelled(address indexed attester, uint256 nonce);
    event StakeWithdrawn(bytes32 indexed pubkey, address indexed withdrawer, uint256 amount);

    error Set1_InvalidPubkey(bytes32 pubkey);
    error Set2_StakeTooLow(uint256 minimum, uint256 given);
    error Set2_NotTheAttester(bytes32 pubkey, address caller);
    error Set2_WrongAmount(uint256 consented, uint256 given);
    error Set2_WrongSender(address consented, address caller);
    error Set2_ConsentExpired(uint256 deadline, uint256 timestamp);
    error Set2_InvalidConsent(bytes32 pubkey, address recovered);
    error Set2_InvalidWithdrawer();
    error Set2_NotTheWithdrawer(bytes32 pubkey, address caller);
    error Set2_WrongStatus(bytes32 pubkey, Status status);
    error Set2_StillInGrace(bytes32 pubkey, uint256 withdrawableEpoch, uint256 currentEpoch);
    error Set2_WithdrawalFailed(address withdrawer);
    error Set3_UnknownIndex(uint256 epoch, uint256 index);

    /// @notice Stake for oneself: the sender is the attester. Enters the pending queue, and voids a consent signed
    ///   before.
    function stake(bytes32 pubkey) external payable;

    /// @notice Stake for an attester who consented to all of it.
    /// @param signature the attester's, 65 bytes, over EIP-712 `StakeConsent(bytes32 pubkey,uint256 amount,address
    ///   sender,
    ///   address withdrawer,uint256 deadline,uint256 nonce)` under {name: "SPRTN", version: "1", chainId,
    ///   verifyingContract: this}, with the attester's `nonces`
    function stakeFor(bytes32 pubkey, Consent calldata consent, bytes calldata signature) external payable;

    /// @notice Void the consent that the sender, an attester, signed with its present nonce.
    function cancelConsent() external;

    /// @notice Add to the stake of a validator that is pending or active. Anyone; it becomes the withdrawer's.
    function topUp(bytes32 pubkey) external payable;

    /// @notice Add initial validators, active from epoch 0, to those of the constructor. Only the deployer, before
    ///   `initialize`: one transaction does not hold the gas for many.
    function addInitialValidators(bytes32[] calldata pubkeys) external;

    /// @notice Leave the queue or the set; the stake is withdrawable after the grace.
    function exitStake(bytes32 pubkey) external;

    /// @notice Admit a validator who staked. Only Teocalli.
    function addValidator(bytes32 pubkey) external;

    /// @notice Put an active validator out of the set. Only Teocalli.
    function removeValidator(bytes32 pubkey) external;

    /// @notice Send an exited validator's stake to its withdrawer.
    function withdrawStake(bytes32 pubkey) external;

    /// @notice The proposer of the current slot; zero when the committee is empty.
    function getCurrentSequencer() external view returns (address);

    /// @notice Size of the set that `epoch` sees.
    function getValidatorCountAt(uint256 epoch) external view returns (uint256);

    /// @notice The whole set that `epoch` sees, in index order.
    function getValidatorsAt(uint256 epoch) external view returns (address[] memory);

    /// @notice The members at `indices` of the set that `epoch` sees.
    function getValidatorsByIndexAt(uint256 epoch, uint256[] calldata indices) external view returns (address[] memory);

    /// @notice First epoch that sees a non-empty set; type(uint32).max while there is none.
    function firstNonEmptyEpoch() external view returns (uint32);

    function exitGraceEpochs() external view returns (uint256);
}
