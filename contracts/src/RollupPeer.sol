// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice A contract deployed before the Rollup that learns the Rollup's address once, from its own deployer.
/// @dev Trust: until `initialize`, the deployer could name any rollup; whoever uses a deployment checks the wiring
///   first
///   (Registry, deployment file). Afterwards the address is fixed for ever.
abstract contract RollupPeer {
    address private immutable _DEPLOYER;
    /// @notice The Rollup; zero until initialized.
    address public rollup;

    event Initialized(address indexed rollup);

    error Init_NotDeployer(address caller);
    error Init_AlreadyInitialized();
    error Init_ZeroAddress();
    error Init_InvalidParameter(string name);

    constructor() {
        _DEPLOYER = msg.sender;
    }

    /// @dev Only the deployer, and only before the Rollup is named.
    modifier onlyWhileDeploying() {
        if (msg.sender != _DEPLOYER) revert Init_NotDeployer(msg.sender);
        if (rollup != address(0)) revert Init_AlreadyInitialized();
        _;
    }

    function _initialize(address rollup_) internal onlyWhileDeploying {
        if (rollup_ == address(0)) revert Init_ZeroAddress();
        rollup = rollup_;
        emit Initialized(rollup_);
    }
}
