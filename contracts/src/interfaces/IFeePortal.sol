// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice The door of L2-AZT: deposits in, withdrawals out, burnt base fees to Rewards.
interface IFeePortal {
    event Deposited(
        address indexed sender, bytes32 indexed recipient, uint256 amount, bytes32 messageHash, uint256 globalIndex
    );
    event Withdrawn(address indexed recipient, uint256 amount, uint256 indexed blockNumber, uint256 leafId);
    event BaseFeesReleased(uint256 amount);

    error Portal_NotAField(bytes32 value);
    error Portal_BelowMinimum(uint256 minimum, uint256 amount);
    error Portal_Full(uint256 room, uint256 amount);
    error Portal_NotLocked(uint256 locked, uint256 amount);
    error Portal_OnlyRollup(address caller);

    /// @notice Lock tokens and send the message with which `recipient` is credited on L2.
    /// @param secretHash hash of the secret that the L2 deposit reveals; both it and recipient are fields
    function deposit(bytes32 recipient, uint128 amount, bytes32 secretHash)
        external
        returns (uint256 blockNumber, uint256 globalIndex, bytes32 messageHash);

    /// @notice Pay out a proven L2 withdrawal; anyone may send it.
    function withdraw(address recipient, uint128 amount, uint256 blockNumber, uint256 leafId, bytes32[] calldata path)
        external;

    /// @notice Move the base fees burnt by newly proven blocks to Rewards. Only Rollup.
    function releaseBaseFees(uint256 amount) external;
}
