// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {HashLib} from "./HashLib.sol";

/// @notice Fields of a header (libs/protocol/spec/encoding.md) read where they stand in calldata. The caller checks
///   the length.
library HeaderLib {
    function hash(bytes calldata header) internal pure returns (bytes32) {
        return HashLib.truncate(sha256(header));
    }

    function lastArchive(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header[0:32]);
    }

    function number(bytes calldata header) internal pure returns (uint32) {
        return uint32(bytes4(header[32:36]));
    }

    function slot(bytes calldata header) internal pure returns (uint32) {
        return uint32(bytes4(header[36:40]));
    }

    function timestamp(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[40:48]));
    }

    function coinbase(bytes calldata header) internal pure returns (address) {
        return address(bytes20(header[48:68]));
    }

    function baseFeeL2(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[100:108]));
    }

    function baseFeeDa(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[108:116]));
    }

    function daHash(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header[116:148]);
    }

    function inHash(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header[148:180]);
    }

    function outHash(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header[180:212]);
    }

    function totalBaseFees(bytes calldata header) internal pure returns (uint128) {
        return uint128(bytes16(header[216:232]));
    }

    function totalL2Gas(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[232:240]));
    }

    function totalDaGas(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[240:248]));
    }

    function reserved(bytes calldata header) internal pure returns (bytes4) {
        return bytes4(header[280:284]);
    }
}
