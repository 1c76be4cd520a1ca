// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice L1→L2 messages, gathered in a subtree a block (MSG-1).
interface IInbox {
    event MessageSent(
        uint256 indexed blockNumber,
        uint256 globalIndex,
        bytes32 messageHash,
        bytes32 recipient,
        uint256 amount,
        bytes32 secretHash
    );

    error Msg1_OnlyPortal(address caller);

    /// @notice Put a message into the open subtree. Only FeePortal.
    /// @return blockNumber the block that consumes the message
    /// @return globalIndex leaf index of the message in the L1→L2 tree
    /// @return messageHash the leaf
    function sendL2Message(bytes32 recipient, uint128 amount, bytes32 secretHash)
        external
        returns (uint256 blockNumber, uint256 globalIndex, bytes32 messageHash);

    /// @notice Rolling hash of the subtree that `blockNumber` consumes; 0 when empty.
    function inHash(uint256 blockNumber) external view returns (bytes32);

    /// @notice How many messages that subtree holds.
    function messageCount(uint256 blockNumber) external view returns (uint256);

    /// @notice The subtree that the next message would enter.
    function openSubtree() external view returns (uint256);
}
