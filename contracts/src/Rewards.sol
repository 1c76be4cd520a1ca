// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IRewards} from "./interfaces/IRewards.sol";

/// @title Rewards
/// @notice Drips tokens to the rollups to which Teocalli allocated them. Funded by transfers, released base fees
///   among them.
/// @dev Trust: the owner decides alone who gets what is unallocated. INV-8: allocations never exceed the balance.
contract Rewards is IRewards, Ownable {
    using SafeERC20 for IERC20;

    IERC20 public immutable TOKEN;
    /// @inheritdoc IRewards
    mapping(address recipient => uint256) public allocationOf;
    /// @notice Sum of all allocations not yet pulled.
    uint256 public totalAllocated;

    constructor(address owner, address token) Ownable(owner) {
        TOKEN = IERC20(token);
    }

    /// @inheritdoc IRewards
    function pullRewards() external {
        uint256 amount = allocationOf[msg.sender];
        if (amount == 0) revert Rewards_NothingAllocated(msg.sender);
        allocationOf[msg.sender] = 0;
        totalAllocated -= amount;
        TOKEN.safeTransfer(msg.sender, amount);
        emit RewardsPulled(msg.sender, amount);
    }

    /// @inheritdoc IRewards
    function allocateRewards(address recipient, uint256 amount) external onlyOwner {
        uint256 needed = totalAllocated + amount;
        uint256 balance = TOKEN.balanceOf(address(this));
        if (needed > balance) revert Rewards_Unfunded(needed, balance);
        totalAllocated = needed;
        allocationOf[recipient] += amount;
        emit RewardsAllocated(recipient, amount);
    }
}
