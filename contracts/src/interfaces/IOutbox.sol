// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice L2→L1 messages: a root a block, consumable once the block is proven (MSG-2).
interface IOutbox {
    event RootSet(uint256 indexed blockNumber, bytes32 root);
    event MessageConsumed(uint256 indexed blockNumber, uint256 indexed leafId, bytes32 messageHash);

    error Msg2_OnlyRollup(address caller);
    error Msg2_OnlyPortal(address caller);
    error Msg2_NotProven(uint256 blockNumber, uint256 proven);
    error Msg2_NoMessages(uint256 blockNumber);
    error Msg2_EmptyMessage();
    error Msg2_WrongPathLength(uint256 leafId, uint256 length);
    error Msg2_NotAMember(bytes32 root, bytes32 computed);
    error Msg2_AlreadyConsumed(uint256 blockNumber, uint256 leafId);

    /// @notice Set or clear a block's root. Only Rollup.
    function setRoot(uint256 blockNumber, bytes32 root) external;

    /// @notice Consume a message. Only FeePortal, for a message hash that it computed itself.
    /// @param leafId names the node: root 1, children 2i and 2i + 1
    /// @param path siblings from the leaf up
    function consume(uint256 blockNumber, uint256 leafId, bytes32[] calldata path, bytes32 messageHash) external;

    function rootAt(uint256 blockNumber) external view returns (bytes32);

    function isConsumed(uint256 blockNumber, uint256 leafId) external view returns (bool);
}
