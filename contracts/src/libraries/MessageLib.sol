// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {HashLib} from "./HashLib.sol";

/// @notice Hashes of the messages between L1 and L2, and of their trees (MSG-1, MSG-2).
library MessageLib {
    /// @notice `domain`: what the circuits must know of a deployment.
    function domain(uint256 chainId, uint256 version, address portal) internal pure returns (bytes32) {
        return HashLib.truncate(sha256(abi.encode(chainId, version, portal)));
    }

    function toL2(
        uint256 chainId,
        uint256 version,
        address portal,
        bytes32 recipient,
        uint256 amount,
        uint256 globalIndex,
        bytes32 secretHash
    ) internal pure returns (bytes32) {
        return HashLib.truncate(
            sha256(abi.encode(chainId, version, portal, recipient, amount, globalIndex, secretHash))
        );
    }

    function toL1(uint256 chainId, uint256 version, address portal, address recipient, uint256 amount)
        internal
        pure
        returns (bytes32)
    {
        return HashLib.truncate(sha256(abi.encode(chainId, version, portal, recipient, amount)));
    }

    /// @notice One step of a subtree's rolling hash.
    function roll(bytes32 previous, bytes32 message) internal view returns (bytes32) {
        return HashLib.ofPair(previous, message);
    }

    /// @notice A node of the outHash tree: two empty children have an empty parent.
    function parent(bytes32 left, bytes32 right) internal view returns (bytes32) {
        return left == 0 && right == 0 ? bytes32(0) : HashLib.ofPair(left, right);
    }

    /// @notice Root reached from `leaf` at `leafId` by its siblings, from the leaf up. The caller checks leafId
    ///   against the length.
    function rootFrom(bytes32 leaf, uint256 leafId, bytes32[] calldata path) internal view returns (bytes32 node) {
        node = leaf;
        for (uint256 i; i < path.length; ++i) {
            node = (leafId >> i) & 1 == 0 ? parent(node, path[i]) : parent(path[i], node);
        }
    }
}
