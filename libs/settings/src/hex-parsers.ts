import { Bytes32, EthAddress, type Hex, isHex } from "@sprtn/primitives";
import type { Parser } from "./parser.js";

/** `length` bytes as hex with 0x in front, handed on in lower case. */
export function hexBytes(length: number): Parser<Hex> {
  return {
    expected: `0x and ${2 * length} hex digits`,
    read: value => (isHex(value) && value.length === 2 + 2 * length ? (value.toLowerCase() as Hex) : undefined),
  };
}

/** 32 bytes: a hash or a private key. */
export const bytes32: Parser<Bytes32> = {
  expected: hexBytes(32).expected,
  read(value) {
    const hex = hexBytes(32).read(value);
    return hex && Bytes32(hex);
  },
};

/** An Ethereum address; the case of its letters does not count. */
export const address: Parser<EthAddress> = {
  expected: "an address: 0x and 40 hex digits",
  read(value) {
    const hex = hexBytes(20).read(value);
    return hex && EthAddress(hex);
  },
};

/** As {@link address}, for what must not be lost: nobody has the key of the zero address. */
export const addressOfSomebody: Parser<EthAddress> = {
  expected: `${address.expected}, not all of them 0`,
  read(value) {
    const read = address.read(value);
    return read === undefined || /^0x0+$/.test(read) ? undefined : read;
  },
};
