// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Constants} from "./generated/Constants.sol";
import {IVerifier} from "./interfaces/IVerifier.sol";

/// @title Verifier of simulated proofs (PROV-6)
/// @notice Accepts a marker over the public inputs, as long as a real proof.
/// @dev Trust: PROVES NOTHING. Anyone can compute the marker. For test networks that say so.
contract SimulatedProofVerifier is IVerifier {
    bytes32 private immutable _PADDING_HASH = keccak256(new bytes(Constants.SIMULATED_PROOF_BYTES - 32));

    /// @inheritdoc IVerifier
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external view returns (bool) {
        if (proof.length != Constants.SIMULATED_PROOF_BYTES || publicInputs.length != Constants.ROOT_PUBLIC_INPUTS) {
            return false;
        }
        bytes32 marker = keccak256(abi.encodePacked("sprtn.simulated-proof", publicInputs));
        return bytes32(proof[0:32]) == marker && keccak256(proof[32:]) == _PADDING_HASH;
    }
}
