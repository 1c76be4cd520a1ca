// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";
import {RollupPeer} from "./RollupPeer.sol";
import {Constants} from "./generated/Constants.sol";
import {IAvailabilityOracle} from "./interfaces/IAvailabilityOracle.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {EffectsLib} from "./libraries/EffectsLib.sol";
import {HeaderLib} from "./libraries/HeaderLib.sol";

/// @title DA oracle over calldata (PEND-5)
/// @notice Hashes what it is given, emits it as an event, and remembers the hash: for the transaction, or for good.
/// @dev Trust: none. Whatever is available here was emitted in full by an event of this contract.
contract AvailabilityOracle is IAvailabilityOracle, RollupPeer {
    using TransientSlot for bytes32;
    using TransientSlot for TransientSlot.BooleanSlot;
    using HeaderLib for bytes;

    /// @dev Hashes have a zero top byte; this bit keeps effects apart from headers in transient storage.
    bytes32 private constant EFFECTS_BIT = bytes32(uint256(1) << 255);

    /// @dev In transient storage: the call of `multicall` that runs now is not the last one.
    bytes32 private constant PARENT_CALL = bytes32(uint256(1) << 254);

    mapping(bytes32 headerHash => bool) private _headers;
    /// @dev 1 + number of transactions behind a published effects hash.
    mapping(bytes32 effectsHash => uint256) private _effects;

    /// @notice Name the Rollup, once. Only the deployer.
    function initialize(address rollup_) external {
        _initialize(rollup_);
    }

    /// @inheritdoc IAvailabilityOracle
    function publishAndPropose(
        bytes calldata effects,
        bytes calldata header,
        bytes32 archive,
        bytes calldata signatures
    )
        external
    {
        if (_isIncludedParent(header, archive)) return;
        bytes32 effectsHash = _emitEffects(effects);
        if (effects.length != 0) (effectsHash | EFFECTS_BIT).asBoolean().tstore(true);
        _propose(header, archive, signatures);
    }

    /// @inheritdoc IAvailabilityOracle
    function publishAndProposeChunks(
        bytes32[] calldata chunkRoots,
        bytes calldata lastEffects,
        bytes calldata header,
        bytes32 archive,
        bytes calldata signatures
    ) external {
        if (_isIncludedParent(header, archive)) return;
        bytes32[] memory roots = new bytes32[](chunkRoots.length + (lastEffects.length == 0 ? 0 : 1));
        for (uint256 i; i < chunkRoots.length; ++i) {
            uint256 txsPlusOne = _effects[chunkRoots[i]];
            if (txsPlusOne == 0) revert Pend5_ChunkNotPublished(chunkRoots[i]);
            // Only the last chunk may be short: full ones are a power of two, so that their roots combine left-filled.
            bool last = i == roots.length - 1;
            if (!last && txsPlusOne != Constants.EFFECTS_CHUNK_TXS + 1) {
                revert Pend5_ChunkNotFull(chunkRoots[i], txsPlusOne - 1);
            }
            if (txsPlusOne > Constants.EFFECTS_CHUNK_TXS + 1) revert Pend5_ChunkTooLong(chunkRoots[i], txsPlusOne - 1);
            roots[i] = chunkRoots[i];
        }
        if (lastEffects.length != 0) {
            if (lastEffects.length > Constants.EFFECTS_CHUNK_TXS * Constants.TX_EFFECT_BYTES) {
                revert Pend5_WrongEffectsLength(lastEffects.length);
            }
            roots[chunkRoots.length] = _emitEffects(lastEffects);
        }
        bytes32[] memory emitted = new bytes32[](roots.length);
        for (uint256 i; i < roots.length; ++i) emitted[i] = roots[i];
        bytes32 effectsHash = EffectsLib.combine(roots);
        emit EffectsCombined(effectsHash, emitted);
        (effectsHash | EFFECTS_BIT).asBoolean().tstore(true);
        _propose(header, archive, signatures);
    }

    /// @inheritdoc IAvailabilityOracle
    function multicall(bytes[] calldata calls) external returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            PARENT_CALL.asBoolean().tstore(i + 1 < calls.length);
            results[i] = Address.functionDelegateCall(address(this), calls[i]);
        }
    }

    /// @inheritdoc IAvailabilityOracle
    function publishEffects(bytes calldata effects) external returns (bytes32 effectsHash) {
        if (effects.length == 0) revert Pend5_WrongEffectsLength(0);
        effectsHash = _emitEffects(effects);
        _effects[effectsHash] = effects.length / Constants.TX_EFFECT_BYTES + 1;
    }

    /// @inheritdoc IAvailabilityOracle
    function publishHeader(bytes calldata header) external returns (bytes32 headerHash) {
        headerHash = _emitHeader(header);
        _headers[headerHash] = true;
    }

    /// @inheritdoc IAvailabilityOracle
    function isHeaderAvailable(bytes32 headerHash) public view returns (bool) {
        return headerHash.asBoolean().tload() || _headers[headerHash];
    }

    /// @inheritdoc IAvailabilityOracle
    function areEffectsAvailable(bytes32 effectsHash) public view returns (bool) {
        return effectsHash == 0 || (effectsHash | EFFECTS_BIT).asBoolean().tload() || _effects[effectsHash] != 0;
    }

    /// @inheritdoc IAvailabilityOracle
    function availability(bytes32 headerHash, bytes32 effectsHash) external view returns (bool header, bool effects) {
        return (isHeaderAvailable(headerHash), areEffectsAvailable(effectsHash));
    }

    /// @dev PEND-9: another may have brought the parent onto L1; the child then goes alone.
    function _isIncludedParent(bytes calldata header, bytes32 archive) private view returns (bool) {
        return PARENT_CALL.asBoolean().tload() && IRollup(rollup).isIncluded(header, archive);
    }

    function _propose(bytes calldata header, bytes32 archive, bytes calldata signatures) private {
        _emitHeader(header).asBoolean().tstore(true);
        IRollup(rollup).processPendingBlock(header, archive, signatures);
    }

    function _emitHeader(bytes calldata header) private returns (bytes32 headerHash) {
        if (header.length != Constants.HEADER_LENGTH) {
            revert Pend5_WrongHeaderLength(Constants.HEADER_LENGTH, header.length);
        }
        headerHash = header.hash();
        emit HeaderPublished(headerHash, header);
    }

    function _emitEffects(bytes calldata effects) private returns (bytes32 effectsHash) {
        if (effects.length % Constants.TX_EFFECT_BYTES != 0) revert Pend5_WrongEffectsLength(effects.length);
        effectsHash = EffectsLib.root(effects);
        if (effects.length != 0) emit EffectsPublished(effectsHash, effects);
    }
}
