// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice SEED-1, COM-1, COM-2, COM-3: seed, sample, proposer and quorum.
library CommitteeLib {
    function seed(uint256 epoch, uint256 randao) internal pure returns (bytes32) {
        return keccak256(abi.encode(epoch, randao));
    }

    /// @notice Fisher–Yates sample of min(size, count) out of 0 … count − 1.
    function sample(bytes32 seed_, uint256 count, uint256 size) internal pure returns (uint256[] memory indices) {
        uint256 members = size < count ? size : count;
        uint256[] memory deck = new uint256[](count);
        for (uint256 i; i < count; ++i) deck[i] = i;
        indices = new uint256[](members);
        for (uint256 i; i < members; ++i) {
            uint256 j = i + uint256(keccak256(abi.encode(seed_, i))) % (count - i);
            (indices[i], deck[j]) = (deck[j], deck[i]);
        }
    }

    /// @notice keccak256 of the members' 20-byte addresses, in committee order.
    function commitment(address[] memory members) internal pure returns (bytes32) {
        bytes memory packed = new bytes(members.length * 20);
        for (uint256 i; i < members.length; ++i) {
            address member = members[i];
            // Assembly: packs an address in one write; each write's 12 trailing bytes are overwritten by the next, the last one's
            // fall on the padding that `new bytes` allocates or on free memory.
            assembly ("memory-safe") {
                mstore(add(add(packed, 32), mul(i, 20)), shl(96, member))
            }
        }
        return keccak256(packed);
    }

    function quorum(uint256 members) internal pure returns (uint256) {
        return (2 * members) / 3 + 1;
    }
}
