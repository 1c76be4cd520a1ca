// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice The pending and the proven chain.
interface IRollup {
    /// @notice Who may prove an epoch before D1 (PROV-2). `quotes` is reserved and refused at deployment.
    enum ProvingRight {
        coordinator,
        quotes,
        open
    }

    /// @param genesisTime start of slot 0, unix seconds, from 1 and below 2^40 (which catches milliseconds)
    /// @param slotDuration seconds, from 1 to 86,400
    /// @param epochDuration slots, from 1 to 65,536
    /// @param committeeSize members drawn for an epoch, at most; from 1 to MAX_COMMITTEE
    /// @param proposalLateness slots by which a proposal may be late, at most an epoch
    /// @param proofWindow seconds from an epoch's end to D1: a slot more than the lateness at least, a year at most
    /// @param challengeWindow seconds from D1 to D2, from a slot to a year
    /// @param capacity records in the circular buffer
    /// @param l2GasTarget, daGasTarget gas a block that keeps the base fee, from 1 and below 2^63
    /// @param initialBaseFeeL2, initialBaseFeeDa base fees in the genesis header, at least 1
    /// @param pendingReward, provenReward token wei a block
    /// @param proverShareBps part of provenReward that goes to the prover, in 1/10,000
    /// @param openBootstrap COM-4
    /// @param rollupVersion tells deployments on one chain apart, from 1 and below 2^64
    /// @param genesisArchive root of the archive after genesis
    /// @param keyTreeRoot of the circuits' verification keys
    /// @param genesisHeader HEADER_LENGTH bytes
    struct Parameters {
        uint64 genesisTime;
        uint32 slotDuration;
        uint32 epochDuration;
        uint32 committeeSize;
        uint32 proposalLateness;
        uint32 proofWindow;
        uint32 challengeWindow;
        uint32 capacity;
        uint64 l2GasTarget;
        uint64 daGasTarget;
        uint64 initialBaseFeeL2;
        uint64 initialBaseFeeDa;
        uint96 pendingReward;
        uint96 provenReward;
        uint16 proverShareBps;
        bool openBootstrap;
        ProvingRight provingRight;
        uint256 rollupVersion;
        bytes32 genesisArchive;
        bytes32 keyTreeRoot;
        bytes genesisHeader;
    }

    /// @notice The contracts that a Rollup works with, fixed for its life but for the verifier.
    struct Peers {
        address owner;
        address validatorRegistry;
        address availabilityOracle;
        address inbox;
        address outbox;
        address feePortal;
        address rewards;
        address token;
        address verifier;
    }

    /// @notice What the chain keeps of a block, in the circular buffer (PEND-7).
    /// @param coinbase receives the block's proven reward; zero once settled, or when it earns none
    /// @param nextBaseFeeL2, nextBaseFeeDa the base fees that the next block must carry
    /// @param cumulativeBurnt base fees burnt by all blocks up to this one
    struct Record {
        bytes32 archive;
        bytes32 accumulator;
        uint32 number;
        uint32 slot;
        address coinbase;
        uint64 nextBaseFeeL2;
        uint64 nextBaseFeeDa;
        uint128 cumulativeBurnt;
    }

    event L2PendingBlockProcessed(
        uint256 indexed blockNumber, bytes32 indexed headerHash, bytes32 archive, bytes32 accumulator, uint256 signers
    );
    /// @param firstBlock the first block that was not proven before
    event L2ProvenBlockProcessed(
        uint256 indexed blockNumber, address indexed prover, uint256 firstBlock, bytes32 archive
    );
    event PrunedPendingChain(uint256 provenTip, uint256 oldTip);
    event EpochSetUp(uint256 indexed epoch, bytes32 commitment, uint256 committeeSize, address coordinator);
    event RandaoCheckpointed(uint256 indexed epoch, uint224 randao);
    event RewardCredited(address indexed account, uint256 amount);
    event RewardClaimed(address indexed account, uint256 amount);
    event VerifierSet(address indexed verifier);
    event KeyTreeRootSet(bytes32 root);

    error Init_InvalidParameter(string name);
    error Pend1_WrongHeaderLength(uint256 expected, uint256 actual);
    error Pend1_WrongNumber(uint256 expected, uint256 actual);
    error Pend1_WrongLastArchive(bytes32 expected, bytes32 actual);
    error Pend1_ArchiveNotAField(bytes32 archive);
    error Pend1_ReservedNotZero();
    error Pend2_SlotNotAfterTip(uint256 tip, uint256 slot);
    error Pend2_SlotInFuture(uint256 current, uint256 slot);
    error Pend2_SlotTooOld(uint256 oldest, uint256 slot);
    error Pend2_WrongTimestamp(uint256 expected, uint256 actual);
    error Pend3_ProposerDidNotSign(uint256 memberIndex);
    error Pend4_WrongLength(uint256 expected, uint256 actual);
    error Pend4_BitBeyondCommittee();
    error Pend4_InvalidSignature(uint256 memberIndex);
    error Pend4_WrongCommittee(bytes32 expected, bytes32 actual);
    error Pend4_NoQuorum(uint256 needed, uint256 signers);
    error Pend5_HeaderNotAvailable(bytes32 headerHash);
    error Pend5_EffectsNotAvailable(bytes32 effectsHash);
    error Pend6_WrongInHash(bytes32 expected, bytes32 actual);
    error Pend6_WrongBaseFees(uint256 expectedL2, uint256 expectedDa, uint256 actualL2, uint256 actualDa);
    error Pend7_BufferFull(uint256 proven, uint256 tip);
    error Pend7_NotInBuffer(uint256 number, uint256 proven, uint256 tip);
    error Com4_EmptySet(uint256 epoch);
    error Seed1_NotFixedYet(uint256 epoch);
    error Tx2_OverGasLimit(uint256 limitL2, uint256 limitDa, uint256 actualL2, uint256 actualDa);
    error Prov1_WrongStart(uint256 firstBlock, uint256 proven);
    error Prov1_NotPending(uint256 number, uint256 proven, uint256 tip);
    error Prov1_EpochNotOver(uint256 epoch);
    error Prov1_OtherEpoch(uint256 expected, uint256 actual);
    error Prov1_NotEndOfEpoch(uint256 number);
    error Prov1_WrongArchive(bytes32 expected, bytes32 actual);
    error Prov1_WrongHeader();
    error Prov1_InvalidProof();
    error Prov2_NotTheCoordinator(address coordinator, address caller);
    error Prov2_TooLate(uint256 deadline, uint256 timestamp);
    error Prov4_NothingToPrune();
    error Prov4_NotYet(uint256 deadline, uint256 timestamp);
    error Settle_NotProven(uint256 number);
    error Settle_NotInBuffer(uint256 number);
    error Claim_Nothing(address account);
    error Claim_Unfunded(uint256 needed, uint256 balance);

    /// @notice Append a block to the pending chain (PEND-1..7). Anyone may send; the quorum's signatures count.
    function processPendingBlock(bytes calldata header, bytes32 archive, bytes calldata signatures) external;

    /// @notice Whether the chain holds exactly this block, up to its pending tip; false also for one whose record, or
    ///   whose parent's, the buffer no longer has.
    function isIncluded(bytes calldata header, bytes32 archive) external view returns (bool);

    /// @notice Move the proven tip to the block of `header` by a proof of all blocks after the tip (PROV-1..3).
    function processProvenBlock(bytes calldata header, bytes32 archive, bytes calldata proof) external;

    /// @notice As `processProvenBlock`, by a proof that starts at `firstBlock`: the first unproven block, or an earlier
    ///   one of its epoch that the buffer still holds. Only blocks that were not proven before are credited.
    function processProvenRange(uint256 firstBlock, bytes calldata header, bytes32 archive, bytes calldata proof)
        external;

    /// @notice Drop the pending chain to the proven tip, once the first unproven epoch is past D2 (PROV-4).
    function prune() external;

    /// @notice Fix an epoch's committee commitment, ahead of its first proposal or after it; does nothing when it is
    ///   fixed. Anyone, for an epoch whose randao is fixed: up to two epochs ahead, once the current one was touched,
    ///   which this call does.
    function setupEpoch(uint256 epoch) external;

    /// @notice Fix the randao of two epochs ahead, and of the next one if the epoch before was not touched (SEED-1);
    ///   does nothing when they are fixed.
    function checkpointRandao() external;

    /// @notice Credit the proven rewards of these proven blocks to their coinbases.
    function settle(uint256[] calldata blocks) external;

    /// @notice Pay `account` what it was credited.
    function claim(address account) external returns (uint256 amount);

    function currentSlot() external view returns (uint256);

    function currentEpoch() external view returns (uint256);

    /// @notice Reverts while the epoch's randao is not fixed.
    function getCommitteeAt(uint256 epoch) external view returns (address[] memory);

    /// @notice The last epoch whose randao, set and so committee are fixed (SEED-1).
    function lastFixedEpoch() external view returns (uint256);

    function getProposerAt(uint256 slot) external view returns (address);

    function pendingBlockNumber() external view returns (uint256);

    function provenBlockNumber() external view returns (uint256);

    /// @notice The greatest number ever processed; a prune does not lower it.
    function highestProcessed() external view returns (uint256);

    function rollupVersion() external view returns (uint256);
}
