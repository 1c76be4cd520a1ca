// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Stands in for a ValidatorRegistry with `size` validators from epoch 0 on, the i-th at address i + 1.
contract LargeSet {
    uint256 public size;
    uint32 public constant firstNonEmptyEpoch = 0;

    function getValidatorCountAt(uint256) external view returns (uint256) {
        return size;
    }

    function getValidatorsByIndexAt(uint256, uint256[] calldata indices)
        external
        pure
        returns (address[] memory members)
    {
        members = new address[](indices.length);
        for (uint256 i; i < indices.length; ++i) members[i] = address(uint160(indices[i] + 1));
    }
}
