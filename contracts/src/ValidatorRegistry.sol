// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {RollupPeer} from "./RollupPeer.sol";
import {Constants} from "./generated/Constants.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {IValidatorRegistry} from "./interfaces/IValidatorRegistry.sol";

/// @title ValidatorRegistry (SET-1..3)
/// @notice Stakes, the pending queue and the set of validators with its whole history.
/// @dev Trust: the owner (Teocalli) admits and removes validators; it cannot take a stake. The deployer names the
///   initial
///   validators, until it initializes. The set is an array of which each index is checkpointed; a removed member's
///   place
///   is taken by the last. Initial validators have no stake; their withdrawer is the attester.
contract ValidatorRegistry is IValidatorRegistry, RollupPeer, Ownable, EIP712, Nonces {
    using Checkpoints for Checkpoints.Trace160;
    using EnumerableSet for EnumerableSet.Bytes32Set;

    bytes32 private constant CONSENT_TYPEHASH = keccak256(
        "StakeConsent(bytes32 pubkey,uint256 amount,address sender,address withdrawer,uint256 deadline,uint256 nonce)"
    );

    uint256 public immutable MINIMUM_STAKE;
    /// @inheritdoc IValidatorRegistry
    uint256 public immutable exitGraceEpochs;
    /// @inheritdoc IValidatorRegistry
    uint32 public firstNonEmptyEpoch = type(uint32).max;

    mapping(bytes32 pubkey => Validator) private _validators;
    EnumerableSet.Bytes32Set private _pending;
    mapping(uint256 index => Checkpoints.Trace160) private _members;
    Checkpoints.Trace160 private _size;

    /// @param minimumStake wei, below 2^128
    /// @param exitGraceEpochs_ epochs between exit and withdrawal, below 2^31; the Rollup's constructor checks it
    ///   against
    ///   its windows
    /// @param initial validators that are active from epoch 0
    constructor(address owner, uint256 minimumStake, uint256 exitGraceEpochs_, bytes32[] memory initial)
        Ownable(owner)
        EIP712("SPRTN", "1")
    {
        if (minimumStake > type(uint128).max) revert Init_InvalidParameter("minimumStake");
        // With the epoch of the exit it must fit the 32 bits of `withdrawableEpoch`.
        if (exitGraceEpochs_ >= 1 << 31) revert Init_InvalidParameter("exitGraceEpochs");
        MINIMUM_STAKE = minimumStake;
        exitGraceEpochs = exitGraceEpochs_;
        _addInitial(initial);
    }

    /// @inheritdoc IValidatorRegistry
    function addInitialValidators(bytes32[] calldata pubkeys) external onlyWhileDeploying {
        _addInitial(pubkeys);
    }

    /// @notice Name the Rollup, once. Only the deployer.
    function initialize(address rollup_) external {
        _initialize(rollup_);
    }

    /// @inheritdoc IValidatorRegistry
    function stake(bytes32 pubkey) external payable {
        // SET-2: the sender is the attester.
        if (_attester(pubkey) != msg.sender) revert Set2_NotTheAttester(pubkey, msg.sender);
        // A consent signed before is of a stake that shall not come a second time.
        _useNonce(msg.sender);
        _stake(pubkey, msg.sender);
    }

    /// @inheritdoc IValidatorRegistry
    function stakeFor(bytes32 pubkey, Consent calldata consent, bytes calldata signature) external payable {
        address attester = _attester(pubkey);
        // SET-2: the attester consented to this amount, sender and withdrawer, until a deadline. The nonce makes it
        // good
        // for one stake.
        if (msg.value != consent.amount) revert Set2_WrongAmount(consent.amount, msg.value);
        if (consent.sender != address(0) && consent.sender != msg.sender) {
            revert Set2_WrongSender(consent.sender, msg.sender);
        }
        if (block.timestamp > consent.deadline) revert Set2_ConsentExpired(consent.deadline, block.timestamp);
        if (consent.withdrawer == address(0)) revert Set2_InvalidWithdrawer();
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    CONSENT_TYPEHASH,
                    pubkey,
                    consent.amount,
                    consent.sender,
                    consent.withdrawer,
                    consent.deadline,
                    _useNonce(attester)
                )
            )
        );
        (address recovered,,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (recovered != attester) revert Set2_InvalidConsent(pubkey, recovered);
        _stake(pubkey, consent.withdrawer);
    }

    /// @inheritdoc IValidatorRegistry
    function cancelConsent() external {
        emit ConsentCancelled(msg.sender, _useNonce(msg.sender));
    }

    /// @inheritdoc IValidatorRegistry
    function topUp(bytes32 pubkey) external payable {
        Validator storage validator = _validators[pubkey];
        Status status = validator.status;
        // SET-2: nothing goes in any more once the stake is on its way out.
        if (status != Status.Pending && status != Status.Active) revert Set2_WrongStatus(pubkey, status);
        if (msg.value == 0) revert Set2_StakeTooLow(1, 0);
        validator.stake += uint128(msg.value);
        emit StakeToppedUp(pubkey, msg.sender, msg.value);
    }

    /// @inheritdoc IValidatorRegistry
    function addValidator(bytes32 pubkey) external onlyOwner {
        Validator storage validator = _validators[pubkey];
        if (validator.status != Status.Pending) revert Set2_WrongStatus(pubkey, validator.status);
        _pending.remove(pubkey);
        uint96 epoch = _effectiveEpoch();
        uint256 size = _size.latest();
        validator.status = Status.Active;
        validator.index = uint32(size);
        _members[size].push(epoch, uint160(_attester(pubkey)));
        _setSize(size + 1, epoch);
        emit ValidatorAdded(pubkey, epoch);
    }

    /// @inheritdoc IValidatorRegistry
    function exitStake(bytes32 pubkey) external {
        Validator storage validator = _validators[pubkey];
        Status status = validator.status;
        if (status != Status.Pending && status != Status.Active) revert Set2_WrongStatus(pubkey, status);
        if (validator.withdrawer != msg.sender) revert Set2_NotTheWithdrawer(pubkey, msg.sender);
        if (status == Status.Pending) _pending.remove(pubkey);
        _exit(pubkey, validator);
    }

    /// @inheritdoc IValidatorRegistry
    function removeValidator(bytes32 pubkey) external onlyOwner {
        Validator storage validator = _validators[pubkey];
        if (validator.status != Status.Active) revert Set2_WrongStatus(pubkey, validator.status);
        _exit(pubkey, validator);
    }

    /// @inheritdoc IValidatorRegistry
    function withdrawStake(bytes32 pubkey) external {
        Validator memory validator = _validators[pubkey];
        if (validator.status != Status.Exiting) revert Set2_WrongStatus(pubkey, validator.status);
        uint256 current = IRollup(rollup).currentEpoch();
        if (current < validator.withdrawableEpoch) {
            revert Set2_StillInGrace(pubkey, validator.withdrawableEpoch, current);
        }
        delete _validators[pubkey];
        emit StakeWithdrawn(pubkey, validator.withdrawer, validator.stake);
        (bool sent,) = validator.withdrawer.call{value: validator.stake}("");
        if (!sent) revert Set2_WithdrawalFailed(validator.withdrawer);
    }

    /// @inheritdoc IValidatorRegistry
    function getCurrentSequencer() external view returns (address) {
        return IRollup(rollup).getProposerAt(IRollup(rollup).currentSlot());
    }

    /// @inheritdoc IValidatorRegistry
    function getValidatorCountAt(uint256 epoch) public view returns (uint256) {
        return _size.upperLookupRecent(uint96(epoch));
    }

    /// @inheritdoc IValidatorRegistry
    function getValidatorsAt(uint256 epoch) external view returns (address[] memory members) {
        members = new address[](getValidatorCountAt(epoch));
        for (uint256 i; i < members.length; ++i) members[i] = address(_members[i].upperLookupRecent(uint96(epoch)));
    }

    /// @inheritdoc IValidatorRegistry
    function getValidatorsByIndexAt(uint256 epoch, uint256[] calldata indices)
        external
        view
        returns (address[] memory members)
    {
        uint256 count = getValidatorCountAt(epoch);
        members = new address[](indices.length);
        for (uint256 i; i < indices.length; ++i) {
            if (indices[i] >= count) revert Set3_UnknownIndex(epoch, indices[i]);
            members[i] = address(_members[indices[i]].upperLookupRecent(uint96(epoch)));
        }
    }

    /// @notice What is known of a validator; status None if nothing.
    function getValidator(bytes32 pubkey) external view returns (Validator memory) {
        return _validators[pubkey];
    }

    /// @notice Those who staked and wait to be added, in no particular order.
    function getPendingValidators() external view returns (bytes32[] memory) {
        return _pending.values();
    }

    /// @dev SET-3: a change made in epoch e counts from epoch e + 3.
    function _effectiveEpoch() private view returns (uint96) {
        return uint96(IRollup(rollup).currentEpoch() + Constants.SET_LAG_EPOCHS);
    }

    function _addInitial(bytes32[] memory pubkeys) private {
        uint256 size = _size.latest();
        for (uint256 i; i < pubkeys.length; ++i) {
            Validator storage validator = _validators[pubkeys[i]];
            validator.withdrawer = _attester(pubkeys[i]);
            if (validator.status != Status.None) revert Set2_WrongStatus(pubkeys[i], validator.status);
            validator.status = Status.Active;
            validator.index = uint32(size + i);
            _members[size + i].push(0, uint160(validator.withdrawer));
            emit ValidatorAdded(pubkeys[i], 0);
        }
        if (pubkeys.length != 0) _setSize(size + pubkeys.length, 0);
    }

    /// @dev SET-1: a pubkey is a non-zero address, left-padded.
    function _attester(bytes32 pubkey) private pure returns (address) {
        if (pubkey == 0 || uint256(pubkey) > type(uint160).max) revert Set1_InvalidPubkey(pubkey);
        return address(uint160(uint256(pubkey)));
    }

    function _stake(bytes32 pubkey, address withdrawer) private {
        Validator storage validator = _validators[pubkey];
        if (validator.status != Status.None) revert Set2_WrongStatus(pubkey, validator.status);
        if (msg.value < MINIMUM_STAKE) revert Set2_StakeTooLow(MINIMUM_STAKE, msg.value);
        validator.withdrawer = withdrawer;
        validator.status = Status.Pending;
        if (msg.value != 0) validator.stake = uint128(msg.value);
        _pending.add(pubkey);
        emit ValidatorStaked(pubkey, withdrawer, msg.value);
    }

    function _exit(bytes32 pubkey, Validator storage validator) private {
        uint256 current = IRollup(rollup).currentEpoch();
        if (validator.status == Status.Active) _leaveSet(validator.index, uint96(current + Constants.SET_LAG_EPOCHS));
        validator.status = Status.Exiting;
        validator.index = 0;
        validator.withdrawableEpoch = uint32(current + exitGraceEpochs);
        emit ValidatorExiting(pubkey, current + Constants.SET_LAG_EPOCHS, validator.withdrawableEpoch);
    }

    /// @dev The last member takes the leaver's place.
    function _leaveSet(uint256 index, uint96 epoch) private {
        uint256 last = _size.latest() - 1;
        if (index != last) {
            uint160 moved = _members[last].latest();
            _members[index].push(epoch, moved);
            _validators[bytes32(uint256(moved))].index = uint32(index);
        }
        _setSize(last, epoch);
    }

    /// @dev Keeps `firstNonEmptyEpoch` exact: an addition that the same epoch takes back leaves no trace.
    function _setSize(uint256 size, uint96 epoch) private {
        _size.push(epoch, uint160(size));
        if (size == 0) {
            if (firstNonEmptyEpoch == epoch) firstNonEmptyEpoch = type(uint32).max;
        } else if (firstNonEmptyEpoch == type(uint32).max) {
            firstNonEmptyEpoch = uint32(epoch);
        }
    }
}
