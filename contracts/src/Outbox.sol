// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RollupPeer} from "./RollupPeer.sol";
import {IOutbox} from "./interfaces/IOutbox.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {MessageLib} from "./libraries/MessageLib.sol";

/// @title L2→L1 messages (MSG-2)
/// @notice Holds each block's outHash and which of its messages were consumed.
/// @dev Trust: the Rollup for roots and for what is proven; FeePortal to name message hashes that it computed itself,
///   so that an
///   inner node of a tree can never pass for a message.
contract Outbox is IOutbox, RollupPeer {
    /// @notice The only consumer.
    address public portal;
    /// @inheritdoc IOutbox
    mapping(uint256 blockNumber => bytes32) public rootAt;
    /// @inheritdoc IOutbox
    mapping(uint256 blockNumber => mapping(uint256 leafId => bool)) public isConsumed;

    /// @notice Name Rollup and FeePortal, once. Only the deployer.
    function initialize(address rollup_, address portal_) external {
        if (portal_ == address(0)) revert Init_ZeroAddress();
        portal = portal_;
        _initialize(rollup_);
    }

    /// @inheritdoc IOutbox
    function setRoot(uint256 blockNumber, bytes32 root) external {
        if (msg.sender != rollup) revert Msg2_OnlyRollup(msg.sender);
        if (rootAt[blockNumber] == root) return;
        rootAt[blockNumber] = root;
        emit RootSet(blockNumber, root);
    }

    /// @inheritdoc IOutbox
    function consume(uint256 blockNumber, uint256 leafId, bytes32[] calldata path, bytes32 messageHash) external {
        if (msg.sender != portal) revert Msg2_OnlyPortal(msg.sender);
        // MSG-2: consumable once the block is proven.
        uint256 proven = IRollup(rollup).provenBlockNumber();
        if (blockNumber > proven) revert Msg2_NotProven(blockNumber, proven);
        bytes32 root = rootAt[blockNumber];
        if (root == 0) revert Msg2_NoMessages(blockNumber);
        if (messageHash == 0) revert Msg2_EmptyMessage();
        // The path's length is the leaf's depth: a leaf has one name only, so the spent key cannot be dodged.
        if (path.length > 255 || leafId >> path.length != 1) revert Msg2_WrongPathLength(leafId, path.length);
        bytes32 computed = MessageLib.rootFrom(messageHash, leafId, path);
        if (computed != root) revert Msg2_NotAMember(root, computed);
        // MSG-2: spent key = (block, leaf).
        if (isConsumed[blockNumber][leafId]) revert Msg2_AlreadyConsumed(blockNumber, leafId);
        isConsumed[blockNumber][leafId] = true;
        emit MessageConsumed(blockNumber, leafId, messageHash);
    }
}
