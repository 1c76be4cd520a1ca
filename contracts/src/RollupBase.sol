// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {RollupSettings} from "./RollupSettings.sol";
import {Constants} from "./generated/Constants.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {IValidatorRegistry} from "./interfaces/IValidatorRegistry.sol";
import {CommitteeLib} from "./libraries/CommitteeLib.sol";
import {FeeLib} from "./libraries/FeeLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {ProofLib} from "./libraries/ProofLib.sol";
import {TimeLib} from "./libraries/TimeLib.sol";

/// @notice What the Rollup remembers, and the steps that proposals and proofs share: time, randao, committees,
///   records, credits.
abstract contract RollupBase is RollupSettings, Ownable {
    using Checkpoints for Checkpoints.Trace224;

    /// @param pending number of the pending tip
    /// @param proven number of the proven tip
    /// @param highest greatest number ever processed
    /// @param slot slot of the pending tip
    /// @param touchedPlusOne 1 + the last epoch whose first touch fixed a randao
    struct Tips {
        uint32 pending;
        uint32 proven;
        uint32 highest;
        uint32 slot;
        uint32 touchedPlusOne;
    }

    /// @param coordinator proposer of the epoch's last slot; zero without a committee
    struct EpochInfo {
        address coordinator;
        uint32 committeeSize;
    }

    bytes32 internal constant EMPTY_COMMITTEE = keccak256("");

    Tips internal _tips;
    /// @notice Verifies root proofs.
    address public verifier;
    /// @notice Root of the tree of allowed verification keys, a public input of every proof.
    bytes32 public keyTreeRoot;
    /// @notice What `claim` would pay an account, in token wei.
    mapping(address account => uint256) public creditOf;
    /// @notice Commitment to an epoch's committee; zero until set up.
    mapping(uint256 epoch => bytes32) public commitmentOf;
    mapping(uint256 epoch => EpochInfo) internal _epochs;
    mapping(uint256 index => Record) internal _records;
    Checkpoints.Trace224 private _randao;

    constructor(Parameters memory parameters, Peers memory peers)
        RollupSettings(parameters, peers)
        Ownable(peers.owner)
    {
        _setVerifier(peers.verifier);
        _setKeyTreeRoot(parameters.keyTreeRoot);
        // SEED-1: epochs 0 and 1 use the value at deployment.
        _randao.push(0, uint224(block.prevrandao));
        emit RandaoCheckpointed(0, uint224(block.prevrandao));
        // Genesis is record 0, pending and proven from the start; block 1's base fees follow from its header like any
        // other's.
        _store(_records[0], Record({
            archive: parameters.genesisArchive,
            accumulator: ProofLib.genesisAccumulator(block.chainid, parameters.rollupVersion, parameters.genesisHeader),
            number: 0,
            slot: 0,
            coinbase: address(0),
            nextBaseFeeL2: FeeLib.next(parameters.initialBaseFeeL2, 0, parameters.l2GasTarget),
            nextBaseFeeDa: FeeLib.next(parameters.initialBaseFeeDa, 0, parameters.daGasTarget),
            cumulativeBurnt: 0
        }));
    }

    /// @notice Change the verifier. Only Teocalli.
    function setVerifier(address verifier_) external onlyOwner {
        _setVerifier(verifier_);
    }

    /// @notice Change the key tree root. Only Teocalli.
    function setKeyTreeRoot(bytes32 root) external onlyOwner {
        _setKeyTreeRoot(root);
    }

    /// @inheritdoc IRollup
    function setupEpoch(uint256 epoch) external {
        _tips = _touch(_tips);
        _requireFixed(epoch);
        _setup(epoch);
    }

    /// @inheritdoc IRollup
    function checkpointRandao() external {
        _tips = _touch(_tips);
    }

    /// @inheritdoc IRollup
    function currentSlot() public view returns (uint256) {
        return TimeLib.slotAt(block.timestamp, genesisTime, slotDuration);
    }

    /// @inheritdoc IRollup
    function currentEpoch() public view returns (uint256) {
        return TimeLib.epochOf(currentSlot(), epochDuration);
    }

    /// @inheritdoc IRollup
    function pendingBlockNumber() external view returns (uint256) {
        return _tips.pending;
    }

    /// @inheritdoc IRollup
    function provenBlockNumber() external view returns (uint256) {
        return _tips.proven;
    }

    /// @inheritdoc IRollup
    function highestProcessed() external view returns (uint256) {
        return _tips.highest;
    }

    /// @notice All tips at once.
    function getTips() external view returns (Tips memory) {
        return _tips;
    }

    /// @notice The record of a block between the proven and the pending tip.
    function getRecord(uint256 number) external view returns (Record memory) {
        // PEND-7: reads need proven ≤ n ≤ tip.
        if (number < _tips.proven || number > _tips.pending) {
            revert Pend7_NotInBuffer(number, _tips.proven, _tips.pending);
        }
        return _records[number % capacity];
    }

    /// @notice Coordinator and committee size of an epoch that was set up.
    function getEpochInfo(uint256 epoch) external view returns (EpochInfo memory) {
        return _epochs[epoch];
    }

    /// @inheritdoc IRollup
    function getCommitteeAt(uint256 epoch) public view returns (address[] memory) {
        _requireFixed(epoch);
        return _committee(epoch);
    }

    /// @inheritdoc IRollup
    function lastFixedEpoch() public view returns (uint256) {
        // SEED-1: a touch in epoch e fixes up to e + 2; an epoch that has begun keeps what it has.
        uint256 current = currentEpoch();
        uint256 touched = uint256(_tips.touchedPlusOne) + Constants.RANDAO_LAG_EPOCHS - 1;
        return touched > current ? touched : current;
    }

    /// @inheritdoc IRollup
    function getProposerAt(uint256 slot) external view returns (address) {
        address[] memory committee = getCommitteeAt(TimeLib.epochOf(slot, epochDuration));
        return committee.length == 0 ? address(0) : committee[slot % committee.length];
    }

    /// @notice The last randao checkpoint at or before `epoch`.
    function getRandaoAt(uint256 epoch) public view returns (uint224) {
        return _randao.upperLookupRecent(uint32(epoch));
    }

    /// @dev SEED-1: the first touch in an epoch fixes the randao of two epochs ahead, and that of the next epoch if
    ///   nobody touched the one before: a checkpoint holds until the next.
    function _touch(Tips memory tips) internal returns (Tips memory) {
        uint256 epoch = currentEpoch();
        if (tips.touchedPlusOne > epoch) return tips;
        uint256 first = epoch + Constants.RANDAO_LAG_EPOCHS;
        if (tips.touchedPlusOne < epoch) --first;
        tips.touchedPlusOne = uint32(epoch + 1);
        _randao.push(uint32(first), uint224(block.prevrandao));
        emit RandaoCheckpointed(first, uint224(block.prevrandao));
        return tips;
    }

    /// @dev SEED-1: no committee is drawn from a randao that is still open.
    function _requireFixed(uint256 epoch) private view {
        if (epoch > lastFixedEpoch()) revert Seed1_NotFixedYet(epoch);
    }

    /// @dev COM-1: stores the commitment to the epoch's committee, once.
    function _setup(uint256 epoch) internal returns (bytes32 commitment) {
        commitment = commitmentOf[epoch];
        if (commitment != 0) return commitment;
        address[] memory committee = _committee(epoch);
        uint256 size = committee.length;
        // COM-4: an empty set admits no block, but for openBootstrap before the first non-empty one.
        if (size == 0 && !(openBootstrap && epoch < IValidatorRegistry(validatorRegistry).firstNonEmptyEpoch())) {
            revert Com4_EmptySet(epoch);
        }
        commitment = CommitteeLib.commitment(committee);
        address coordinator = size == 0 ? address(0) : committee[((epoch + 1) * epochDuration - 1) % size];
        commitmentOf[epoch] = commitment;
        _epochs[epoch] = EpochInfo(coordinator, uint32(size));
        emit EpochSetUp(epoch, commitment, size, coordinator);
    }

    /// @dev PROV-2: D2 of the epoch; D1 is challengeWindow before it.
    function _provingDeadline(uint256 epoch) internal view returns (uint256) {
        return TimeLib.endOfEpoch(epoch, genesisTime, slotDuration, epochDuration) + proofWindow + challengeWindow;
    }

    /// @dev PROV-4: the first unproven block's epoch is past its D2.
    function _isPrunable(Tips memory tips) internal view returns (bool) {
        if (tips.pending == tips.proven) return false;
        return block.timestamp > _provingDeadline(_records[(tips.proven + 1) % capacity].slot / epochDuration);
    }

    /// @dev Changes `tips` only; the caller stores it. Records stay and are overwritten by blocks of the same numbers.
    function _prune(Tips memory tips) internal {
        emit PrunedPendingChain(tips.proven, tips.pending);
        tips.pending = tips.proven;
        tips.slot = _records[tips.proven % capacity].slot;
    }

    function _credit(address account, uint256 amount) internal {
        if (account == address(0) || amount == 0) return;
        creditOf[account] += amount;
        emit RewardCredited(account, amount);
    }

    function _store(Record storage stored, Record memory record) internal {
        stored.archive = record.archive;
        stored.accumulator = record.accumulator;
        (stored.number, stored.slot, stored.coinbase) = (record.number, record.slot, record.coinbase);
        stored.nextBaseFeeL2 = record.nextBaseFeeL2;
        stored.nextBaseFeeDa = record.nextBaseFeeDa;
        stored.cumulativeBurnt = record.cumulativeBurnt;
    }

    function _committee(uint256 epoch) private view returns (address[] memory) {
        IValidatorRegistry registry = IValidatorRegistry(validatorRegistry);
        bytes32 seed = CommitteeLib.seed(epoch, getRandaoAt(epoch));
        return registry.getValidatorsByIndexAt(
            epoch, CommitteeLib.sample(seed, registry.getValidatorCountAt(epoch), committeeSize)
        );
    }

    function _setVerifier(address verifier_) private {
        verifier = verifier_;
        emit VerifierSet(verifier_);
    }

    function _setKeyTreeRoot(bytes32 root) private {
        if (uint256(root) >= Constants.FIELD_MODULUS) revert Init_InvalidParameter("keyTreeRoot");
        keyTreeRoot = root;
        emit KeyTreeRootSet(root);
    }
}
