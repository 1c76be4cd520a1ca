// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {RollupBase} from "./RollupBase.sol";
import {Constants} from "./generated/Constants.sol";
import {IAvailabilityOracle} from "./interfaces/IAvailabilityOracle.sol";
import {IFeePortal} from "./interfaces/IFeePortal.sol";
import {IInbox} from "./interfaces/IInbox.sol";
import {IOutbox} from "./interfaces/IOutbox.sol";
import {IRewards} from "./interfaces/IRewards.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";
import {AttestationLib} from "./libraries/AttestationLib.sol";
import {FeeLib} from "./libraries/FeeLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";
import {ProofLib} from "./libraries/ProofLib.sol";
import {TimeLib} from "./libraries/TimeLib.sol";

/// @title Rollup
/// @notice Appends quorum-signed blocks to the pending chain and moves the proven tip by proofs.
/// @dev Trust: two thirds of an epoch's committee for what is pending; verifier and key tree root, which the owner
///   (Teocalli) sets,
///   for what is proven. The contract sees no state and no transaction: nodes re-execute (PEND-8), the proof binds
///   every header.
contract Rollup is RollupBase {
    using SafeERC20 for IERC20;
    using HeaderLib for bytes;

    constructor(Parameters memory parameters, Peers memory peers) RollupBase(parameters, peers) {}

    /// @inheritdoc IRollup
    function processPendingBlock(bytes calldata header, bytes32 archive, bytes calldata signatures) external {
        // PEND-1: exact header length.
        if (header.length != Constants.HEADER_LENGTH) {
            revert Pend1_WrongHeaderLength(Constants.HEADER_LENGTH, header.length);
        }
        Tips memory tips = _touch(_tips);
        // PROV-4: what is past its deadline goes first; the block then has to build on the proven tip.
        if (_isPrunable(tips)) _prune(tips);
        Record storage parent = _records[tips.pending % capacity];

        _checkPosition(header, archive, tips, parent.archive);
        _checkInputs(header, parent);
        bytes32 headerHash = header.hash();
        _checkAvailability(headerHash, header.daHash());
        uint256 signers = _checkSignatures(header.slot(), headerHash, archive, signatures);

        Record memory record = _recordOf(header, parent);
        record.archive = archive;
        record.accumulator = ProofLib.accumulate(parent.accumulator, headerHash);
        // COM-4: without a committee nothing is credited.
        if (signers == 0) record.coinbase = address(0);
        _append(record, header.outHash(), tips);
        emit L2PendingBlockProcessed(record.number, headerHash, archive, record.accumulator, signers);
    }

    /// @inheritdoc IRollup
    function processProvenBlock(bytes calldata header, bytes32 archive, bytes calldata proof) external {
        _processProven(uint256(_tips.proven) + 1, header, archive, proof);
    }

    /// @inheritdoc IRollup
    function processProvenRange(uint256 firstBlock, bytes calldata header, bytes32 archive, bytes calldata proof)
        external
    {
        _processProven(firstBlock, header, archive, proof);
    }

    function _processProven(uint256 firstBlock, bytes calldata header, bytes32 archive, bytes calldata proof) private {
        if (header.length != Constants.HEADER_LENGTH) {
            revert Pend1_WrongHeaderLength(Constants.HEADER_LENGTH, header.length);
        }
        Tips memory tips = _tips;
        uint256 number = header.number();
        // PROV-1: the range ends at a pending block after the proven tip.
        if (number <= tips.proven || number > tips.pending) revert Prov1_NotPending(number, tips.proven, tips.pending);
        uint256 epoch = _records[(tips.proven + 1) % capacity].slot / epochDuration;
        _checkRight(epoch, number, tips.pending);

        Record storage start = _startOf(firstBlock, tips.proven, epoch);
        Record storage end = _records[number % capacity];
        // PROV-1: the range lies in one epoch, that of the first unproven block.
        if (end.slot / epochDuration != epoch) revert Prov1_OtherEpoch(epoch, end.slot / epochDuration);
        if (end.archive != archive) revert Prov1_WrongArchive(end.archive, archive);
        // INV-7: the header is the very one that was accepted.
        bytes32 accumulator = ProofLib.accumulate(_records[(number - 1) % capacity].accumulator, header.hash());
        if (accumulator != end.accumulator) revert Prov1_WrongHeader();
        _verify(start, archive, accumulator, proof);

        // PROV-3: tip, rewards, base fees, for the blocks that were not proven before.
        uint256 proven = tips.proven;
        tips.proven = uint32(number);
        _tips = tips;
        emit L2ProvenBlockProcessed(number, msg.sender, proven + 1, archive);
        // COM-4: an epoch without a committee earns nothing.
        if (_epochs[epoch].committeeSize != 0) _credit(msg.sender, (number - proven) * proverShare);
        uint256 burnt = end.cumulativeBurnt - _records[proven % capacity].cumulativeBurnt;
        if (burnt != 0) IFeePortal(feePortal).releaseBaseFees(burnt);
    }

    /// @inheritdoc IRollup
    function isIncluded(bytes calldata header, bytes32 archive) external view returns (bool) {
        if (header.length != Constants.HEADER_LENGTH) return false;
        uint256 number = header.number();
        if (number == 0 || number > _tips.pending) return false;
        Record storage parent = _records[(number - 1) % capacity];
        Record storage record = _records[number % capacity];
        if (parent.number != number - 1 || record.number != number || record.archive != archive) return false;
        return record.accumulator == ProofLib.accumulate(parent.accumulator, header.hash());
    }

    /// @inheritdoc IRollup
    function prune() external {
        Tips memory tips = _tips;
        if (tips.pending == tips.proven) revert Prov4_NothingToPrune();
        uint256 deadline = _provingDeadline(_records[(tips.proven + 1) % capacity].slot / epochDuration);
        if (block.timestamp <= deadline) revert Prov4_NotYet(deadline, block.timestamp);
        tips = _touch(tips);
        _prune(tips);
        _tips = tips;
    }

    /// @inheritdoc IRollup
    function settle(uint256[] calldata blocks) external {
        uint256 proven = _tips.proven;
        for (uint256 i; i < blocks.length; ++i) {
            uint256 number = blocks[i];
            if (number > proven) revert Settle_NotProven(number);
            Record storage record = _records[number % capacity];
            if (record.number != number) revert Settle_NotInBuffer(number);
            address coinbase = record.coinbase;
            record.coinbase = address(0);
            _credit(coinbase, coinbaseShare);
        }
    }

    /// @inheritdoc IRollup
    function claim(address account) external returns (uint256 amount) {
        amount = creditOf[account];
        if (amount == 0) revert Claim_Nothing(account);
        if (IERC20(token).balanceOf(address(this)) < amount && IRewards(rewards).allocationOf(address(this)) != 0) {
            IRewards(rewards).pullRewards();
        }
        uint256 balance = IERC20(token).balanceOf(address(this));
        if (balance < amount) revert Claim_Unfunded(amount, balance);
        creditOf[account] = 0;
        emit RewardClaimed(account, amount);
        IERC20(token).safeTransfer(account, amount);
    }

    /// @dev PEND-1, PEND-2, PEND-7.
    function _checkPosition(bytes calldata header, bytes32 archive, Tips memory tips, bytes32 parentArchive)
        private
        view
    {
        // PEND-1: number = tip + 1; lastArchive = archive of the tip; archive is a field; reserved bytes are zero.
        if (header.number() != tips.pending + 1) revert Pend1_WrongNumber(tips.pending + 1, header.number());
        if (header.lastArchive() != parentArchive) revert Pend1_WrongLastArchive(parentArchive, header.lastArchive());
        if (uint256(archive) >= Constants.FIELD_MODULUS) revert Pend1_ArchiveNotAField(archive);
        if (header.reserved() != 0) revert Pend1_ReservedNotZero();
        // PEND-2: slot(tip) < slot ≤ current slot, slot ≥ current slot − lateness; timestamp = start of the slot.
        uint256 slot = header.slot();
        uint256 current = currentSlot();
        if (slot <= tips.slot) revert Pend2_SlotNotAfterTip(tips.slot, slot);
        if (slot > current) revert Pend2_SlotInFuture(current, slot);
        if (slot + proposalLateness < current) revert Pend2_SlotTooOld(current - proposalLateness, slot);
        uint256 start = TimeLib.startOf(slot, genesisTime, slotDuration);
        if (header.timestamp() != start) revert Pend2_WrongTimestamp(start, header.timestamp());
        // PEND-7: refused when tip − proven ≥ capacity − 1.
        if (tips.pending - tips.proven >= capacity - 1) revert Pend7_BufferFull(tips.proven, tips.pending);
    }

    /// @dev PEND-6, TX-2: inHash is the frozen subtree's; base fees are what the previous block implies.
    function _checkInputs(bytes calldata header, Record storage parent) private view {
        bytes32 inHash = IInbox(inbox).inHash(header.number());
        if (header.inHash() != inHash) revert Pend6_WrongInHash(inHash, header.inHash());
        (uint64 l2, uint64 da) = (parent.nextBaseFeeL2, parent.nextBaseFeeDa);
        if (header.baseFeeL2() != l2 || header.baseFeeDa() != da) {
            revert Pend6_WrongBaseFees(l2, da, header.baseFeeL2(), header.baseFeeDa());
        }
        // TX-2: a block uses at most twice the target of each kind of gas.
        (uint256 usedL2, uint256 usedDa) = (header.totalL2Gas(), header.totalDaGas());
        if (usedL2 > 2 * uint256(l2GasTarget) || usedDa > 2 * uint256(daGasTarget)) {
            revert Tx2_OverGasLimit(2 * uint256(l2GasTarget), 2 * uint256(daGasTarget), usedL2, usedDa);
        }
    }

    /// @dev PEND-5: header and effects were published, in this transaction or earlier.
    function _checkAvailability(bytes32 headerHash, bytes32 effectsHash) private view {
        (bool header, bool effects) = IAvailabilityOracle(availabilityOracle).availability(headerHash, effectsHash);
        if (!header) revert Pend5_HeaderNotAvailable(headerHash);
        if (!effects) revert Pend5_EffectsNotAvailable(effectsHash);
    }

    /// @dev PEND-3, PEND-4 against the committee of the slot's epoch, which the epoch's first proposal sets up.
    /// @return signers 0 only during openBootstrap (COM-4)
    function _checkSignatures(uint256 slot, bytes32 headerHash, bytes32 archive, bytes calldata signatures)
        private
        returns (uint256 signers)
    {
        bytes32 commitment = _setup(slot / epochDuration);
        uint256 members = AttestationLib.claimedSize(signatures);
        if (members == 0) {
            if (commitment != EMPTY_COMMITTEE) revert Pend4_WrongCommittee(commitment, EMPTY_COMMITTEE);
            if (signatures.length != 2) revert Pend4_WrongLength(2, signatures.length);
            return 0;
        }
        bytes32 message = AttestationLib.digest(DOMAIN_SEPARATOR, slot, headerHash, archive);
        return AttestationLib.check(signatures, message, commitment, members, slot % members);
    }

    /// @dev All of a block's record but archive and accumulator.
    function _recordOf(bytes calldata header, Record storage parent) private view returns (Record memory record) {
        record.number = header.number();
        record.slot = header.slot();
        record.coinbase = header.coinbase();
        record.nextBaseFeeL2 = FeeLib.next(parent.nextBaseFeeL2, header.totalL2Gas(), l2GasTarget);
        record.nextBaseFeeDa = FeeLib.next(parent.nextBaseFeeDa, header.totalDaGas(), daGasTarget);
        record.cumulativeBurnt = parent.cumulativeBurnt + header.totalBaseFees();
    }

    function _append(Record memory record, bytes32 outHash, Tips memory tips) private {
        // MSG-2: an empty root clears what a pruned block of this number left.
        if (outHash != 0 || record.number <= tips.highest) IOutbox(outbox).setRoot(record.number, outHash);
        tips.pending = record.number;
        tips.slot = record.slot;
        if (record.number > tips.highest) tips.highest = record.number;
        _tips = tips;

        Record storage stored = _records[record.number % capacity];
        // The block that this record held before was proven, unless it is a pruned one of the same number, which
        // earns nothing.
        (address settled, uint256 oldNumber) = (stored.coinbase, stored.number);
        if (oldNumber != record.number) _credit(settled, coinbaseShare);
        _store(stored, record);
        _credit(record.coinbase, pendingReward);
    }

    /// @dev PROV-1, PROV-2: the epoch is over; until D1 the right decides and the whole epoch must be proven; after
    ///   D2 it is too late.
    function _checkRight(uint256 epoch, uint256 number, uint256 tip) private view {
        uint256 lastSlot = (epoch + 1) * epochDuration - 1;
        if (currentSlot() <= lastSlot + proposalLateness) revert Prov1_EpochNotOver(epoch);
        uint256 deadline = _provingDeadline(epoch);
        if (block.timestamp > deadline) revert Prov2_TooLate(deadline, block.timestamp);
        if (block.timestamp >= deadline - challengeWindow) return;
        if (number < tip && _records[(number + 1) % capacity].slot <= lastSlot) revert Prov1_NotEndOfEpoch(number);
        if (provingRight == ProvingRight.open) return;
        // Without a committee there is no coordinator: anyone may.
        address coordinator = _epochs[epoch].coordinator;
        if (coordinator != address(0) && coordinator != msg.sender) {
            revert Prov2_NotTheCoordinator(coordinator, msg.sender);
        }
    }

    /// @dev PROV-1: the range starts at the first unproven block, or at an earlier one of the same epoch that the
    ///   buffer
    ///   still holds: a prefix that somebody else proved does not void the proof of the whole.
    /// @return start record of the block before the first
    function _startOf(uint256 firstBlock, uint256 proven, uint256 epoch) private view returns (Record storage start) {
        if (firstBlock == 0 || firstBlock > proven + 1) revert Prov1_WrongStart(firstBlock, proven);
        start = _records[(firstBlock - 1) % capacity];
        if (firstBlock == proven + 1) return start;
        Record storage first = _records[firstBlock % capacity];
        if (start.number != firstBlock - 1 || first.number != firstBlock || first.slot / epochDuration != epoch) {
            revert Prov1_WrongStart(firstBlock, proven);
        }
    }

    /// @dev The public inputs come from this contract's records alone.
    function _verify(Record storage start, bytes32 archive, bytes32 accumulator, bytes calldata proof) private view {
        bytes32[] memory inputs = ProofLib.publicInputs(
            ProofLib.Range({
                keyTreeRoot: keyTreeRoot,
                domain: domain,
                startArchive: start.archive,
                endArchive: archive,
                startAccumulator: start.accumulator,
                endAccumulator: accumulator,
                prover: msg.sender
            })
        );
        if (!IVerifier(verifier).verify(proof, inputs)) revert Prov1_InvalidProof();
    }
}
