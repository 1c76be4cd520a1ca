// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IRollup} from "../interfaces/IRollup.sol";
import {CommitteeLib} from "./CommitteeLib.sol";

/// @notice PEND-3 and PEND-4: packed signatures of a committee of which L1 knows a commitment only.
library AttestationLib {
    bytes32 internal constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(uint32 slot,bytes32 headerHash,bytes32 archive)"
    );
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice What a member of the slot's committee signs (EIP-712). The header holds the slot as well; the type
    ///   names it for
    /// those who count votes without the header.
    function digest(bytes32 domainSeparator, uint256 slot, bytes32 headerHash, bytes32 archive)
        internal
        pure
        returns (bytes32)
    {
        bytes32 structHash = keccak256(abi.encode(ATTESTATION_TYPEHASH, slot, headerHash, archive));
        return keccak256(abi.encodePacked(hex"1901", domainSeparator, structHash));
    }

    /// @notice The committee's size that `signatures` claims. A wrong claim cannot hash to the commitment.
    function claimedSize(bytes calldata signatures) internal pure returns (uint256) {
        if (signatures.length < 2) revert IRollup.Pend4_WrongLength(2, signatures.length);
        return uint16(bytes2(signatures[0:2]));
    }

    /// @notice Check a block's signatures; reverts unless every rule of PEND-3 and PEND-4 holds.
    /// @param signatures u16(n) ‖ bitmap ‖ 64 bytes a signer ‖ 20 bytes for each other member
    /// @param members their claimed size n, not 0
    /// @param proposerIndex slot mod n
    /// @return signers how many signed
    function check(
        bytes calldata signatures,
        bytes32 message,
        bytes32 commitment,
        uint256 members,
        uint256 proposerIndex
    )
        internal
        view
        returns (uint256 signers)
    {
        uint256 bitmapBytes = (members + 7) / 8;
        if (signatures.length < 2 + bitmapBytes) revert IRollup.Pend4_WrongLength(2 + bitmapBytes, signatures.length);
        bytes calldata bitmap = signatures[2:2 + bitmapBytes];
        signers = countBits(bitmap, members);
        // PEND-4: exact length.
        uint256 length = 2 + bitmapBytes + 64 * signers + 20 * (members - signers);
        if (signatures.length != length) revert IRollup.Pend4_WrongLength(length, signatures.length);
        // PEND-4: a quorum of the committee (COM-3).
        uint256 needed = CommitteeLib.quorum(members);
        if (signers < needed) revert IRollup.Pend4_NoQuorum(needed, signers);
        // PEND-3: the proposer is among the signers.
        if (!isSet(bitmap, proposerIndex)) revert IRollup.Pend3_ProposerDidNotSign(proposerIndex);
        // PEND-4: recovered and given addresses together are the committee.
        bytes32 actual = recoverCommitment(signatures, bitmapBytes, message, members, signers);
        if (actual != commitment) revert IRollup.Pend4_WrongCommittee(commitment, actual);
    }

    function isSet(bytes calldata bitmap, uint256 index) internal pure returns (bool) {
        return (uint8(bitmap[index / 8]) >> (index % 8)) & 1 == 1;
    }

    /// @dev PEND-4: bits at or beyond `members` are zero.
    function countBits(bytes calldata bitmap, uint256 members) internal pure returns (uint256 count) {
        for (uint256 i; i < bitmap.length; ++i) {
            uint256 bits = uint8(bitmap[i]);
            if (i == bitmap.length - 1 && members % 8 != 0 && bits >> (members % 8) != 0) {
                revert IRollup.Pend4_BitBeyondCommittee();
            }
            while (bits != 0) {
                bits &= bits - 1;
                ++count;
            }
        }
    }

    /// @notice Keccak of the 20-byte addresses of all members: recovered where they signed, given where they did not.
    function recoverCommitment(
        bytes calldata signatures,
        uint256 bitmapBytes,
        bytes32 message,
        uint256 members,
        uint256 signers
    )
        private
        view
        returns (bytes32 result)
    {
        uint256 failed = type(uint256).max;
        // Assembly: one buffer for the precompile's input and one for the packed addresses, no bounds checks on a
        // length that was
        // checked above. The same loop in Solidity costs 1,900 gas more a signer (measured, 11 of 16).
        assembly ("memory-safe") {
            let input := mload(0x40)
            let packed := add(input, 0x80)
            let write := packed
            let sig := add(signatures.offset, add(2, bitmapBytes))
            let other := add(sig, mul(64, signers))
            let bitmap := add(signatures.offset, 2)
            mstore(input, message)
            for { let i := 0 } lt(i, members) { i := add(i, 1) } {
                switch and(shr(and(i, 7), byte(0, calldataload(add(bitmap, shr(3, i))))), 1)
                case 1 {
                    let vs := calldataload(add(sig, 32))
                    let s := and(vs, 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff)
                    mstore(add(input, 0x20), add(27, shr(255, vs)))
                    mstore(add(input, 0x40), calldataload(sig))
                    mstore(add(input, 0x60), s)
                    mstore(0x00, 0)
                    // A failed recovery returns nothing and leaves zero, which is no member's address.
                    pop(staticcall(gas(), 1, input, 0x80, 0x00, 0x20))
                    let signer := mload(0x00)
                    if or(iszero(signer), gt(s, HALF_ORDER)) {
                        failed := i
                        break
                    }
                    mstore(write, shl(96, signer))
                    sig := add(sig, 64)
                }
                default {
                    mstore(write, calldataload(other))
                    other := add(other, 20)
                }
                write := add(write, 20)
            }
            result := keccak256(packed, mul(members, 20))
        }
        if (failed != type(uint256).max) revert IRollup.Pend4_InvalidSignature(failed);
    }
}
