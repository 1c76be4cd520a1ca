// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Constants} from "../generated/Constants.sol";
import {HashLib} from "./HashLib.sol";

/// @notice Accumulator and public inputs of the root proof: how one field binds every header of a range.
library ProofLib {
    struct Range {
        bytes32 keyTreeRoot;
        bytes32 domain;
        bytes32 startArchive;
        bytes32 endArchive;
        bytes32 startAccumulator;
        bytes32 endAccumulator;
        address prover;
    }

    function genesisAccumulator(uint256 chainId, uint256 version, bytes memory genesisHeader)
        internal
        pure
        returns (bytes32)
    {
        return HashLib.truncate(sha256(abi.encodePacked(chainId, version, genesisHeader)));
    }

    function accumulate(bytes32 accumulator, bytes32 headerHash) internal view returns (bytes32) {
        return HashLib.ofPair(accumulator, headerHash);
    }

    function publicInputs(Range memory range) internal pure returns (bytes32[] memory inputs) {
        inputs = new bytes32[](Constants.ROOT_PUBLIC_INPUTS);
        inputs[0] = range.keyTreeRoot;
        inputs[1] = range.domain;
        inputs[2] = range.startArchive;
        inputs[3] = range.endArchive;
        inputs[4] = range.startAccumulator;
        inputs[5] = range.endAccumulator;
        inputs[6] = bytes32(uint256(uint160(range.prover)));
    }
}
