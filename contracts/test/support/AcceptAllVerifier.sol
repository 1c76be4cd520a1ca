// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IVerifier} from "../../src/interfaces/IVerifier.sol";

/// @notice Accepts anything at no cost: for tests that measure or bypass the verifier.
contract AcceptAllVerifier is IVerifier {
    function verify(bytes calldata, bytes32[] calldata) external pure returns (bool) {
        return true;
    }
}
