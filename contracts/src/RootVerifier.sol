// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IVerifier} from "./interfaces/IVerifier.sol";

/// @title Verifier of real root proofs
/// @notice A range is proven by a root over one child or over two: circuits with keys, and so generated verifiers, of
///   their own.
///         A proof's first byte says which, the rest is the proof.
/// @dev Trust: the verifiers are Barretenberg's, generated for the committed keys; under the dev CRS anyone can forge
///   what they accept.
contract RootVerifier is IVerifier {
    IVerifier public immutable rootOne;
    IVerifier public immutable rootTwo;

    constructor(IVerifier rootOne_, IVerifier rootTwo_) {
        rootOne = rootOne_;
        rootTwo = rootTwo_;
    }

    /// @inheritdoc IVerifier
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external view returns (bool) {
        if (proof.length == 0 || (proof[0] != 0x01 && proof[0] != 0x02)) return false;
        IVerifier verifier = proof[0] == 0x01 ? rootOne : rootTwo;
        // The generated verifiers revert, each with errors of its own, on what is no proof.
        try verifier.verify(proof[1:], publicInputs) returns (bool holds) {
            return holds;
        } catch {
            return false;
        }
    }
}
