// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AttestationLib} from "../../src/libraries/AttestationLib.sol";
import {CommitteeLib} from "../../src/libraries/CommitteeLib.sol";
import {Cheats} from "../support/Cheats.sol";

/// @notice PEND-3 and PEND-4 on random committees, signers and damage.
contract AttestationsFuzzTest is Cheats {
    function testFuzz_PEND4_acceptsExactlyQuorumsWithTheProposer(
        uint256 size,
        uint256 signers,
        uint256 proposer,
        bytes32 message
    ) external {
        size = bound(size, 1, 20);
        signers &= (1 << size) - 1;
        proposer = bound(proposer, 0, size - 1);
        (bytes memory packed, bytes32 commitment, uint256 count) = pack(size, signers, message);
        bool valid = count >= CommitteeLib.quorum(size) && (signers >> proposer) & 1 == 1;
        if (!valid) vm.expectRevert();
        uint256 counted = this.check(packed, message, commitment, size, proposer);
        if (valid) same(counted, count, "signers");
    }

    function testFuzz_PEND4_anyChangedByteIsRefused(uint256 size, uint256 at, uint8 flip, bytes32 message) external {
        vm.assume(flip != 0);
        size = bound(size, 1, 20);
        uint256 everyoneButOne = size == 1 ? 1 : (1 << size) - 2;
        vm.assume(size == 1 || size > 3);
        (bytes memory packed, bytes32 commitment,) = pack(size, everyoneButOne, message);
        at = bound(at, 2, packed.length - 1);
        packed[at] = bytes1(uint8(packed[at]) ^ flip);
        vm.expectRevert();
        this.check(packed, message, commitment, size, size - 1);
    }

    function testFuzz_PEND4_anotherMessageIsRefused(uint256 size, bytes32 message, bytes32 other) external {
        vm.assume(message != other);
        size = bound(size, 1, 12);
        (bytes memory packed, bytes32 commitment,) = pack(size, (1 << size) - 1, message);
        vm.expectRevert();
        this.check(packed, other, commitment, size, 0);
    }

    function testFuzz_SIGN2_theSlotIsSigned(
        uint256 size,
        bytes32 domain,
        uint32 slot,
        uint32 other,
        bytes32 header,
        bytes32 archive
    ) external {
        vm.assume(slot != other);
        size = bound(size, 1, 12);
        (bytes memory packed, bytes32 commitment,) = pack(
            size, (1 << size) - 1, AttestationLib.digest(domain, slot, header, archive)
        );
        this.check(packed, AttestationLib.digest(domain, slot, header, archive), commitment, size, 0);
        vm.expectRevert();
        this.check(packed, AttestationLib.digest(domain, other, header, archive), commitment, size, 0);
    }

    function check(bytes calldata packed, bytes32 message, bytes32 commitment, uint256 size, uint256 proposer)
        external
        view
        returns (uint256)
    {
        return AttestationLib.check(packed, message, commitment, size, proposer);
    }

    /// @dev Member i's key is i + 1; bit i of `signers` says whether it signs.
    function pack(uint256 size, uint256 signers, bytes32 message)
        private
        pure
        returns (bytes memory packed, bytes32 commitment, uint256 count)
    {
        bytes memory bitmap = new bytes((size + 7) / 8);
        bytes memory signatures;
        bytes memory others;
        address[] memory members = new address[](size);
        for (uint256 i; i < size; ++i) {
            members[i] = vm.addr(i + 1);
            if ((signers >> i) & 1 == 1) {
                ++count;
                bitmap[i / 8] |= bytes1(uint8(1 << (i % 8)));
                (uint8 v, bytes32 r, bytes32 s) = vm.sign(i + 1, message);
                signatures = abi.encodePacked(signatures, r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
            } else {
                others = abi.encodePacked(others, members[i]);
            }
        }
        packed = abi.encodePacked(uint16(size), bitmap, signatures, others);
        commitment = CommitteeLib.commitment(members);
    }
}
