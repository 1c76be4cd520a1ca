// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice TX-2: base fees by the previous block's gas.
library FeeLib {
    /// @notice fee ± fee·|used − target| / (8·target); at least 1, at most 2^64 − 1, and at least one more when above
    ///   target.
    function next(uint64 fee, uint64 used, uint64 target) internal pure returns (uint64) {
        if (used > target) {
            uint256 delta = (uint256(fee) * (used - target)) / (8 * uint256(target));
            uint256 raised = uint256(fee) + (delta == 0 ? 1 : delta);
            return raised > type(uint64).max ? type(uint64).max : uint64(raised);
        }
        // delta is at most fee / 8, so this cannot underflow.
        uint256 lowered = fee - (uint256(fee) * (target - used)) / (8 * uint256(target));
        return lowered == 0 ? 1 : uint64(lowered);
    }
}
