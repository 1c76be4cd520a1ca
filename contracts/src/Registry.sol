// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title Registry
/// @notice Which contracts make up each deployment of the network; the newest is the canonical one.
/// @dev Trust: the owner may add deployments; nobody can change or remove one. Nothing on L1 depends on this contract.
contract Registry is Ownable {
    struct Deployment {
        uint256 rollupVersion;
        address rollup;
        address validatorRegistry;
        address availabilityOracle;
        address inbox;
        address outbox;
        address feePortal;
        address rewards;
        address token;
        address teocalli;
    }

    Deployment[] private _deployments;
    mapping(uint256 rollupVersion => uint256 indexPlusOne) private _byVersion;

    event DeploymentAdded(uint256 indexed rollupVersion, address indexed rollup);

    error Registry_VersionTaken(uint256 rollupVersion);
    error Registry_Unknown(uint256 rollupVersion);
    error Registry_ZeroAddress();

    constructor(address owner, Deployment memory first) Ownable(owner) {
        _add(first);
    }

    /// @notice Add a deployment, which becomes the canonical one. Only Teocalli.
    function addDeployment(Deployment calldata deployment) external onlyOwner {
        _add(deployment);
    }

    function canonical() external view returns (Deployment memory) {
        return _deployments[_deployments.length - 1];
    }

    function byVersion(uint256 rollupVersion) external view returns (Deployment memory) {
        uint256 indexPlusOne = _byVersion[rollupVersion];
        if (indexPlusOne == 0) revert Registry_Unknown(rollupVersion);
        return _deployments[indexPlusOne - 1];
    }

    function count() external view returns (uint256) {
        return _deployments.length;
    }

    function _add(Deployment memory deployment) private {
        if (deployment.rollup == address(0)) revert Registry_ZeroAddress();
        if (_byVersion[deployment.rollupVersion] != 0) revert Registry_VersionTaken(deployment.rollupVersion);
        _deployments.push(deployment);
        _byVersion[deployment.rollupVersion] = _deployments.length;
        emit DeploymentAdded(deployment.rollupVersion, deployment.rollup);
    }
}
