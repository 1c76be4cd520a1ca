import { concatBytes, EthAddress, fromHex, toHex, uintToBytes } from "@sprtn/primitives";
import { MAX_COMMITTEE } from "./generated/constants.js";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";

/**
 * A committee member's part of `signatures` (PEND-4): 64 bytes of signature (EIP-2098), or the address of one who did
 * not sign.
 */
export type PackedMember = { readonly signature: Uint8Array } | { readonly address: EthAddress };

/** `u16(n) ‖ bitmap ‖ signatures ‖ addresses`, both in committee order. */
export function packSignatures(members: readonly PackedMember[]): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(members.length / 8));
  const signatures: Uint8Array[] = [];
  const addresses: Uint8Array[] = [];
  members.forEach((member, index) => {
    if ("signature" in member) {
      bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
      signatures.push(member.signature);
    } else {
      addresses.push(fromHex(member.address));
    }
  });
  return concatBytes(uintToBytes(members.length, 2), bitmap, ...signatures, ...addresses);
}

/** @throws ProtocolError BAD_SIGNATURES for a wrong length, too many members, a bit ≥ n that is set */
export function unpackSignatures(bytes: Uint8Array): PackedMember[] {
  if (bytes.length < 2) throw bad("shorter than its count");
  const count = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (count > MAX_COMMITTEE) throw bad(`${count} members, at most ${MAX_COMMITTEE}`);
  const bitmapBytes = Math.ceil(count / 8);
  const signed = (index: number) => (((bytes[2 + (index >> 3)] ?? 0) >> (index & 7)) & 1) === 1;
  if (bytes.length < 2 + bitmapBytes) throw bad("shorter than its bitmap");
  for (let index = count; index < 8 * bitmapBytes; index++)
    if (signed(index)) throw bad(`bit ${index} is set, there are ${count} members`);
  const flags = Array.from({ length: count }, (_, index) => signed(index));
  const signers = flags.filter(Boolean).length;
  const expected = 2 + bitmapBytes + 64 * signers + 20 * (count - signers);
  if (bytes.length !== expected) throw bad(`${bytes.length} bytes, not ${expected}`);
  let signatureAt = 2 + bitmapBytes;
  let addressAt = signatureAt + 64 * signers;
  return flags.map(flag => {
    if (flag) return { signature: bytes.slice(signatureAt, (signatureAt += 64)) };
    return { address: EthAddress(toHex(bytes.subarray(addressAt, (addressAt += 20)))) };
  });
}

function bad(what: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.BAD_SIGNATURES, `not packed signatures: ${what}`, { what });
}
