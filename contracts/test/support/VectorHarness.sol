// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AttestationLib} from "../../src/libraries/AttestationLib.sol";
import {CommitteeLib} from "../../src/libraries/CommitteeLib.sol";
import {EffectsLib} from "../../src/libraries/EffectsLib.sol";
import {FeeLib} from "../../src/libraries/FeeLib.sol";
import {HeaderLib} from "../../src/libraries/HeaderLib.sol";
import {MessageLib} from "../../src/libraries/MessageLib.sol";
import {ProofLib} from "../../src/libraries/ProofLib.sol";

/// @notice The contracts' own libraries as pure functions, for the vectors shared with TypeScript.
contract VectorHarness {
    /// @notice Many calls to this contract in one.
    function batch(bytes[] calldata calls) external view returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i; i < calls.length; ++i) {
            (bool success, bytes memory result) = address(this).staticcall(calls[i]);
            require(success, "a call of the batch failed");
            results[i] = result;
        }
    }

    function seed(uint256 epoch, uint224 randao) external pure returns (bytes32) {
        return CommitteeLib.seed(epoch, randao);
    }

    function sample(bytes32 seed_, uint256 count, uint256 size) external pure returns (uint256[] memory) {
        return CommitteeLib.sample(seed_, count, size);
    }

    function commitment(address[] memory members) external pure returns (bytes32) {
        return CommitteeLib.commitment(members);
    }

    function quorum(uint256 members) external pure returns (uint256) {
        return CommitteeLib.quorum(members);
    }

    function headerHash(bytes calldata header) external pure returns (bytes32) {
        return HeaderLib.hash(header);
    }

    function txsEffectsHash(bytes calldata effects) external view returns (bytes32) {
        return EffectsLib.root(effects);
    }

    function genesisAccumulator(uint256 chainId, uint256 version, bytes calldata header)
        external
        pure
        returns (bytes32)
    {
        return ProofLib.genesisAccumulator(chainId, version, header);
    }

    /// @return result the accumulator after all of `headerHashes`
    function accumulator(bytes32 start, bytes32[] calldata headerHashes) external view returns (bytes32 result) {
        result = start;
        for (uint256 i; i < headerHashes.length; ++i) result = ProofLib.accumulate(result, headerHashes[i]);
    }

    function inHash(bytes32[] calldata messages) external view returns (bytes32 result) {
        for (uint256 i; i < messages.length; ++i) result = MessageLib.roll(result, messages[i]);
    }

    function outboxRoot(bytes32 leaf, uint256 leafId, bytes32[] calldata path) external view returns (bytes32) {
        return MessageLib.rootFrom(leaf, leafId, path);
    }

    function messageToL2(
        uint256 chainId,
        uint256 version,
        address portal,
        bytes32 recipient,
        uint256 amount,
        uint256 globalIndex,
        bytes32 secretHash
    ) external pure returns (bytes32) {
        return MessageLib.toL2(chainId, version, portal, recipient, amount, globalIndex, secretHash);
    }

    function messageToL1(uint256 chainId, uint256 version, address portal, address recipient, uint256 amount)
        external
        pure
        returns (bytes32)
    {
        return MessageLib.toL1(chainId, version, portal, recipient, amount);
    }

    function domain(uint256 chainId, uint256 version, address portal) external pure returns (bytes32) {
        return MessageLib.domain(chainId, version, portal);
    }

    function attestationDigest(bytes32 domainSeparator, uint32 slot, bytes32 headerHash_, bytes32 archive)
        external
        pure
        returns (bytes32)
    {
        return AttestationLib.digest(domainSeparator, slot, headerHash_, archive);
    }

    function nextBaseFee(uint64 fee, uint64 used, uint64 target) external pure returns (uint64) {
        return FeeLib.next(fee, used, target);
    }
}
