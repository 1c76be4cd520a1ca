// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Verifies the root proof of a range of blocks.
/// @dev Trust: whoever may set the Rollup's verifier (Teocalli) can make any state proven.
interface IVerifier {
    /// @param proof the proof's bytes, opaque to the caller
    /// @param publicInputs ROOT_PUBLIC_INPUTS fields, each below the field modulus
    /// @return whether the proof holds for exactly these inputs
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external view returns (bool);
}
