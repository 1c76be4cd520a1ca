// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Where headers and effects are published so that every node can read them from events (PEND-5).
interface IAvailabilityOracle {
    event HeaderPublished(bytes32 indexed headerHash, bytes header);
    /// @dev Not emitted for a block without transactions: its effects hash is 0 and there is nothing to read.
    event EffectsPublished(bytes32 indexed effectsHash, bytes effects);
    /// @notice The effects behind `effectsHash` are those of these chunks, in order.
    event EffectsCombined(bytes32 indexed effectsHash, bytes32[] chunkRoots);

    error Pend5_WrongHeaderLength(uint256 expected, uint256 actual);
    error Pend5_WrongEffectsLength(uint256 actual);
    error Pend5_ChunkNotPublished(bytes32 chunkRoot);
    error Pend5_ChunkNotFull(bytes32 chunkRoot, uint256 txs);
    error Pend5_ChunkTooLong(bytes32 chunkRoot, uint256 txs);

    /// @notice Publish effects and header for this transaction only, then propose.
    function publishAndPropose(
        bytes calldata effects,
        bytes calldata header,
        bytes32 archive,
        bytes calldata signatures
    )
        external;

    /// @notice As `publishAndPropose`, the effects being chunks published before and, last, `lastEffects` (may be
    ///   empty).
    ///   A chunk holds EFFECTS_CHUNK_TXS transactions, the last one that many or fewer.
    function publishAndProposeChunks(
        bytes32[] calldata chunkRoots,
        bytes calldata lastEffects,
        bytes calldata header,
        bytes32 archive,
        bytes calldata signatures
    ) external;

    /// @notice Several of this contract's calls in one transaction, all or none: parents and, last, their child
    ///   (PEND-9).
    ///   A block before the last that the chain already holds is skipped.
    function multicall(bytes[] calldata calls) external returns (bytes[] memory results);

    /// @notice Publish effects for good: a whole block's, or a chunk of EFFECTS_CHUNK_TXS transactions.
    /// @return effectsHash root of the left-filled tree of the effects
    function publishEffects(bytes calldata effects) external returns (bytes32 effectsHash);

    /// @notice Publish a header for good.
    function publishHeader(bytes calldata header) external returns (bytes32 headerHash);

    /// @notice Whether the header was published, in this transaction or earlier.
    function isHeaderAvailable(bytes32 headerHash) external view returns (bool);

    /// @notice Whether the effects were published, in this transaction or earlier; always true for 0, no transactions.
    function areEffectsAvailable(bytes32 effectsHash) external view returns (bool);

    /// @notice Both at once, as the Rollup asks.
    function availability(bytes32 headerHash, bytes32 effectsHash) external view returns (bool header, bool effects);
}
