// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Constants} from "../../src/generated/Constants.sol";
import {CommitteeLib} from "../../src/libraries/CommitteeLib.sol";
import {EffectsLib} from "../../src/libraries/EffectsLib.sol";
import {FeeLib} from "../../src/libraries/FeeLib.sol";
import {HashLib} from "../../src/libraries/HashLib.sol";
import {HeaderLib} from "../../src/libraries/HeaderLib.sol";
import {MessageLib} from "../../src/libraries/MessageLib.sol";
import {TimeLib} from "../../src/libraries/TimeLib.sol";
import {Cheats} from "../support/Cheats.sol";

contract LibrariesFuzzTest is Cheats {
    using HeaderLib for bytes;

    function testFuzz_COM1_sampleHasNoRepetition(bytes32 seed, uint256 count, uint256 size) external pure {
        count = bound(count, 0, 200);
        size = bound(size, 1, 64);
        uint256[] memory indices = CommitteeLib.sample(seed, count, size);
        same(indices.length, size < count ? size : count, "length");
        bool[] memory seen = new bool[](count);
        for (uint256 i; i < indices.length; ++i) {
            holds(!seen[indices[i]], "repeated");
            seen[indices[i]] = true;
        }
    }

    function testFuzz_COM1_commitmentIsOfPackedAddresses(address[3] memory three) external pure {
        address[] memory members = new address[](3);
        for (uint256 i; i < 3; ++i) members[i] = three[i];
        bytes32 packed = keccak256(abi.encodePacked(bytes20(three[0]), bytes20(three[1]), bytes20(three[2])));
        same(CommitteeLib.commitment(members), packed, "commitment");
    }

    function testFuzz_COM3_twoQuorumsShareMoreThanAThird(uint256 members) external pure {
        members = bound(members, 1, Constants.MAX_COMMITTEE);
        uint256 quorum = CommitteeLib.quorum(members);
        holds(quorum <= members, "reachable");
        holds(3 * quorum > 2 * members, "more than two thirds");
        holds(3 * (2 * quorum - members) > members, "intersection");
    }

    function testFuzz_TIME1_slotContainsItsTime(uint64 timestamp, uint64 genesis, uint32 duration) external pure {
        vm.assume(duration != 0);
        uint256 slot = TimeLib.slotAt(timestamp, genesis, duration);
        if (timestamp < genesis) return same(slot, 0, "before genesis");
        uint256 start = TimeLib.startOf(slot, genesis, duration);
        holds(start <= timestamp && timestamp < start + duration, "slot");
    }

    function testFuzz_TX2_baseFeeMovesByAnEighthAtMost(uint64 fee, uint64 used, uint64 target) external pure {
        vm.assume(fee != 0 && target != 0);
        if (uint256(used) > 2 * uint256(target)) used = target;
        uint256 next = FeeLib.next(fee, used, target);
        holds(next >= 1, "at least 1");
        if (used == target) same(next, fee, "at target");
        if (used > target) holds(next > fee || fee == type(uint64).max, "rises");
        if (used < target) holds(next <= fee, "does not rise");
        uint256 change = next > fee ? next - fee : fee - next;
        holds(change <= uint256(fee) / 8 + 1, "an eighth");
    }

    function testFuzz_TX2_baseFeeNeverReverts(uint64 fee, uint64 used, uint64 target) external pure {
        vm.assume(fee != 0 && target != 0);
        holds(FeeLib.next(fee, used, target) >= 1, "at least 1");
    }

    function testFuzz_HashLib_pairIsTruncatedSha256(bytes32 left, bytes32 right) external view {
        same(HashLib.ofPair(left, right), HashLib.truncate(sha256(abi.encode(left, right))), "pair");
        holds(uint256(HashLib.ofPair(left, right)) < Constants.FIELD_MODULUS, "field");
    }

    function testFuzz_EffectsLib_chunksCombine(bytes32[] memory leaves, uint256 chunk) external view {
        // Any power of two will do for what EFFECTS_CHUNK_TXS does.
        chunk = 1 << bound(chunk, 0, 4);
        vm.assume(leaves.length != 0);
        uint256 chunks = (leaves.length + chunk - 1) / chunk;
        bytes32[] memory roots = new bytes32[](chunks);
        for (uint256 i; i < chunks; ++i) {
            uint256 size = i == chunks - 1 ? leaves.length - i * chunk : chunk;
            bytes32[] memory part = new bytes32[](size);
            for (uint256 k; k < size; ++k) part[k] = leaves[i * chunk + k];
            roots[i] = EffectsLib.combine(part);
        }
        bytes32 combined = EffectsLib.combine(roots);
        same(combined, EffectsLib.combine(leaves), "root");
    }

    function testFuzz_MSG2_onlyTheLeafOpens(bytes32 leaf, bytes32 other, bytes32[4] memory siblings, uint256 leafId)
        external
        view
    {
        vm.assume(leaf != 0 && leaf != other);
        leafId = bound(leafId, 16, 31);
        bytes32[] memory path = new bytes32[](4);
        for (uint256 i; i < 4; ++i) path[i] = siblings[i];
        bytes32 root = this.rootFrom(leaf, leafId, path);
        holds(root != 0, "a tree with a message has a root");
        holds(this.rootFrom(other, leafId, path) != root, "another leaf");
        path[0] = HashLib.ofPair(path[0], path[0]);
        holds(this.rootFrom(leaf, leafId, path) != root, "another path");
    }

    function testFuzz_HeaderLib_readsEveryField(
        uint32 number,
        uint64 time,
        address coinbase,
        bytes32 hash,
        uint128 burnt
    ) external view {
        bytes memory header = abi.encodePacked(hash, number, ~number, time, coinbase, hash, ~time, time ^ 1);
        header = abi.encodePacked(header, ~hash, hash, ~hash, number, burnt, time, ~time, hash, uint32(0));
        same(header.length, Constants.HEADER_LENGTH, "length");
        this.checkHeader(header, number, time, coinbase, hash, burnt);
    }

    function rootFrom(bytes32 leaf, uint256 leafId, bytes32[] calldata path) external view returns (bytes32) {
        return MessageLib.rootFrom(leaf, leafId, path);
    }

    function checkHeader(
        bytes calldata header,
        uint32 number,
        uint64 time,
        address coinbase,
        bytes32 hash,
        uint128 burnt
    ) external pure {
        same(header.lastArchive(), hash, "lastArchive");
        same(header.number(), number, "number");
        same(header.slot(), ~number, "slot");
        same(header.timestamp(), time, "timestamp");
        same(uint160(header.coinbase()), uint160(coinbase), "coinbase");
        same(header.baseFeeL2(), ~time, "baseFeeL2");
        same(header.baseFeeDa(), time ^ 1, "baseFeeDa");
        same(header.daHash(), ~hash, "daHash");
        same(header.inHash(), hash, "inHash");
        same(header.outHash(), ~hash, "outHash");
        same(header.totalBaseFees(), burnt, "totalBaseFees");
        same(header.totalL2Gas(), time, "totalL2Gas");
        same(header.totalDaGas(), ~time, "totalDaGas");
        same(header.hash(), HashLib.truncate(sha256(header)), "hash");
    }
}
