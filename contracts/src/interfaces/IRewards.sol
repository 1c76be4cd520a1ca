// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Holds the token from which rollups pay rewards; drips what Teocalli allocates.
interface IRewards {
    event RewardsAllocated(address indexed recipient, uint256 amount);
    event RewardsPulled(address indexed recipient, uint256 amount);

    error Rewards_NothingAllocated(address caller);
    error Rewards_Unfunded(uint256 needed, uint256 balance);

    /// @notice Receive everything allocated to the caller.
    function pullRewards() external;

    /// @notice Allocate tokens that this contract already holds. Only Teocalli.
    function allocateRewards(address recipient, uint256 amount) external;

    /// @notice What `recipient` can pull now.
    function allocationOf(address recipient) external view returns (uint256);
}
