// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RollupPeer} from "./RollupPeer.sol";
import {Constants} from "./generated/Constants.sol";
import {IInbox} from "./interfaces/IInbox.sol";
import {IRollup} from "./interfaces/IRollup.sol";
import {MessageLib} from "./libraries/MessageLib.sol";

/// @title L1→L2 messages (MSG-1)
/// @notice Gathers messages in the subtree of the block that will consume them.
/// @dev Trust: only FeePortal may send, because the client circuit credits what a message says. Processing block n
///   freezes the
///   subtree of block n + MESSAGE_LAG_BLOCKS without a write here: messages go at least one subtree further.
contract Inbox is IInbox, RollupPeer {
    uint256 private constant COUNT_SHIFT = 248;

    uint256 public immutable ROLLUP_VERSION;
    /// @notice The only sender.
    address public portal;
    uint64 private _lastUsed;
    /// @dev A rolling hash is below 2^248; the top byte of its word counts the messages.
    mapping(uint256 blockNumber => uint256) private _subtrees;

    constructor(uint256 rollupVersion) {
        ROLLUP_VERSION = rollupVersion;
    }

    /// @notice Name Rollup and FeePortal, once. Only the deployer.
    function initialize(address rollup_, address portal_) external {
        if (portal_ == address(0)) revert Init_ZeroAddress();
        portal = portal_;
        _initialize(rollup_);
    }

    /// @inheritdoc IInbox
    function sendL2Message(bytes32 recipient, uint128 amount, bytes32 secretHash)
        external
        returns (uint256 blockNumber, uint256 globalIndex, bytes32 messageHash)
    {
        if (msg.sender != portal) revert Msg1_OnlyPortal(msg.sender);
        blockNumber = openSubtree();
        uint256 subtree = _subtrees[blockNumber];
        uint256 position = subtree >> COUNT_SHIFT;
        globalIndex = Constants.MESSAGES_PER_BLOCK * (blockNumber - 1) + position;
        messageHash = MessageLib.toL2(
            block.chainid, ROLLUP_VERSION, msg.sender, recipient, amount, globalIndex, secretHash
        );
        bytes32 rolled = MessageLib.roll(bytes32(subtree & type(uint248).max), messageHash);
        _subtrees[blockNumber] = uint256(rolled) | ((position + 1) << COUNT_SHIFT);
        if (_lastUsed != blockNumber) _lastUsed = uint64(blockNumber);
        emit MessageSent(blockNumber, globalIndex, messageHash, recipient, amount, secretHash);
    }

    /// @inheritdoc IInbox
    function inHash(uint256 blockNumber) external view returns (bytes32) {
        return bytes32(_subtrees[blockNumber] & type(uint248).max);
    }

    /// @inheritdoc IInbox
    function messageCount(uint256 blockNumber) public view returns (uint256) {
        return _subtrees[blockNumber] >> COUNT_SHIFT;
    }

    /// @inheritdoc IInbox
    function openSubtree() public view returns (uint256 blockNumber) {
        // MSG-1: the one after those that processed blocks froze, or the last one used if that is further.
        blockNumber = IRollup(rollup).highestProcessed() + Constants.MESSAGE_LAG_BLOCKS + 1;
        if (_lastUsed > blockNumber) blockNumber = _lastUsed;
        if (messageCount(blockNumber) == Constants.MESSAGES_PER_BLOCK) ++blockNumber;
    }
}
