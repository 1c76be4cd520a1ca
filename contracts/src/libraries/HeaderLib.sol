// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {HashLib} from "./HashLib.sol";

/// @notice Fields of a header (libs/protocol/spec/encoding.md) read where they stand in calldata: each is as many bytes
///   as its type has. The caller checks the length.
library HeaderLib {
    function hash(bytes calldata header) internal pure returns (bytes32) {
        return HashLib.truncate(sha256(header));
    }

    function lastArchive(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header);
    }

    function number(bytes calldata header) internal pure returns (uint32) {
        return uint32(bytes4(header[32:]));
    }

    function slot(bytes calldata header) internal pure returns (uint32) {
        return uint32(bytes4(header[36:]));
    }

    function timestamp(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[40:]));
    }

    function coinbase(bytes calldata header) internal pure returns (address) {
        return address(bytes20(header[48:]));
    }

    function baseFeeL2(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[100:]));
    }

    function baseFeeDa(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[108:]));
    }

    function daHash(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header[116:]);
    }

    function inHash(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header[148:]);
    }

    function outHash(bytes calldata header) internal pure returns (bytes32) {
        return bytes32(header[180:]);
    }

    function totalBaseFees(bytes calldata header) internal pure returns (uint128) {
        return uint128(bytes16(header[216:]));
    }

    function totalL2Gas(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[232:]));
    }

    function totalDaGas(bytes calldata header) internal pure returns (uint64) {
        return uint64(bytes8(header[240:]));
    }

    function reserved(bytes calldata header) internal pure returns (bytes4) {
        return bytes4(header[280:]);
    }
}
