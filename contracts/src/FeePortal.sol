// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {RollupPeer} from "./RollupPeer.sol";
import {Constants} from "./generated/Constants.sol";
import {IFeePortal} from "./interfaces/IFeePortal.sol";
import {IInbox} from "./interfaces/IInbox.sol";
import {IOutbox} from "./interfaces/IOutbox.sol";
import {MessageLib} from "./libraries/MessageLib.sol";

/// @title L2-AZT in and out
/// @notice Locks what exists on L2. INV-5: L2 supply + burnt base fees = what is locked here + what was released.
/// @dev Trust: the Rollup's proofs. A wrong proof could withdraw everything that is locked, and nothing more: tokens
///   that
///   somebody just transfers here stay. The token must be a plain ERC-20 without fees on transfers.
contract FeePortal is IFeePortal, RollupPeer {
    using SafeERC20 for IERC20;

    IERC20 public immutable TOKEN;
    IInbox public immutable INBOX;
    IOutbox public immutable OUTBOX;
    address public immutable REWARDS;
    uint256 public immutable ROLLUP_VERSION;
    /// @notice The least that a deposit may be, in token wei.
    uint256 public immutable MINIMUM_DEPOSIT;
    /// @notice Deposits − withdrawals − released base fees, in token wei; below 2^128, as every balance on L2 must be.
    uint256 public locked;

    /// @param minimumDeposit token wei, from 1 and below 2^128
    constructor(
        address token,
        address inbox,
        address outbox,
        address rewards,
        uint256 rollupVersion,
        uint256 minimumDeposit
    ) {
        if (minimumDeposit == 0 || minimumDeposit > type(uint128).max) revert Init_InvalidParameter("minimumDeposit");
        MINIMUM_DEPOSIT = minimumDeposit;
        TOKEN = IERC20(token);
        INBOX = IInbox(inbox);
        OUTBOX = IOutbox(outbox);
        REWARDS = rewards;
        ROLLUP_VERSION = rollupVersion;
    }

    /// @notice Name the Rollup, once. Only the deployer.
    function initialize(address rollup_) external {
        _initialize(rollup_);
    }

    /// @inheritdoc IFeePortal
    function deposit(bytes32 recipient, uint128 amount, bytes32 secretHash)
        external
        returns (uint256 blockNumber, uint256 globalIndex, bytes32 messageHash)
    {
        // MSG-3: not less than the minimum, and never so much that a balance on L2 could reach 2^128.
        if (amount < MINIMUM_DEPOSIT) revert Portal_BelowMinimum(MINIMUM_DEPOSIT, amount);
        uint256 total = locked + amount;
        if (total > type(uint128).max) revert Portal_Full(type(uint128).max - locked, amount);
        locked = total;
        // What is no field could never be consumed on L2.
        if (uint256(recipient) >= Constants.FIELD_MODULUS) revert Portal_NotAField(recipient);
        if (uint256(secretHash) >= Constants.FIELD_MODULUS) revert Portal_NotAField(secretHash);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
        (blockNumber, globalIndex, messageHash) = INBOX.sendL2Message(recipient, amount, secretHash);
        emit Deposited(msg.sender, recipient, amount, messageHash, globalIndex);
    }

    /// @inheritdoc IFeePortal
    function withdraw(address recipient, uint128 amount, uint256 blockNumber, uint256 leafId, bytes32[] calldata path)
        external
    {
        bytes32 messageHash = MessageLib.toL1(block.chainid, ROLLUP_VERSION, address(this), recipient, amount);
        OUTBOX.consume(blockNumber, leafId, path, messageHash);
        _unlock(amount);
        TOKEN.safeTransfer(recipient, amount);
        emit Withdrawn(recipient, amount, blockNumber, leafId);
    }

    /// @inheritdoc IFeePortal
    function releaseBaseFees(uint256 amount) external {
        if (msg.sender != rollup) revert Portal_OnlyRollup(msg.sender);
        _unlock(amount);
        TOKEN.safeTransfer(REWARDS, amount);
        emit BaseFeesReleased(amount);
    }

    function _unlock(uint256 amount) private {
        if (amount > locked) revert Portal_NotLocked(locked, amount);
        locked -= amount;
    }
}
