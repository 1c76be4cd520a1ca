// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Constants} from "../generated/Constants.sol";
import {HashLib} from "./HashLib.sol";

/// @notice The left-filled tree over published effects. The caller checks that the length is a multiple of
///   TX_EFFECT_BYTES.
library EffectsLib {
    /// @return root of the effects' tree; 0 for none
    function root(bytes calldata effects) internal view returns (bytes32) {
        uint256 size = Constants.TX_EFFECT_BYTES;
        bytes32[] memory nodes = new bytes32[](effects.length / size);
        for (uint256 i; i < nodes.length; ++i) {
            nodes[i] = HashLib.truncate(sha256(effects[i * size:(i + 1) * size]));
        }
        return combine(nodes);
    }

    /// @notice Root of the left-filled tree over `nodes`, which it overwrites: pairs level by level, an odd last node
    ///   rises.
    function combine(bytes32[] memory nodes) internal view returns (bytes32) {
        uint256 length = nodes.length;
        if (length == 0) return 0;
        while (length > 1) {
            uint256 half = length / 2;
            for (uint256 i; i < half; ++i) nodes[i] = HashLib.ofPair(nodes[2 * i], nodes[2 * i + 1]);
            if (length % 2 == 1) nodes[half] = nodes[length - 1];
            length = half + (length % 2);
        }
        return nodes[0];
    }
}
