// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IVerifier} from "../../src/interfaces/IVerifier.sol";

/// @notice Has a real verifier check the proof that it is called with, but for the public inputs of a fixture: what a
///   real proof costs in a chain that nobody proved.
contract FixtureVerifier is IVerifier {
    IVerifier private immutable _verifier;
    bytes32[] private _inputs;

    constructor(IVerifier verifier, bytes32[] memory inputs) {
        _verifier = verifier;
        _inputs = inputs;
    }

    function verify(bytes calldata proof, bytes32[] calldata) external view returns (bool) {
        return _verifier.verify(proof, _inputs);
    }
}
