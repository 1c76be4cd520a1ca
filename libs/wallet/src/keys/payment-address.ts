import { bech32m } from "@scure/base";
import { bytesToUint, concatBytes, fieldToBytes, isField } from "@sprtn/primitives";
import type { PaymentAddress } from "@sprtn/ports";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { onCurve, pointFromX } from "./grumpkin.js";

const PREFIX = "sprtn";
/** First byte: format 0, its lowest bit the parity of the viewing key's y. */
const BYTES = 65;

/** `sprtn1…`: bech32m of 65 bytes (parity, npk, x of the viewing key), with its checksum. */
export function encodePaymentAddress({ npk, viewingKey }: PaymentAddress): string {
  const parity = Uint8Array.of(Number(viewingKey.y & 1n));
  return bech32m.encode(
    PREFIX,
    bech32m.toWords(concatBytes(parity, fieldToBytes(npk), fieldToBytes(viewingKey.x))),
    false,
  );
}

/** @throws WalletError BAD_ADDRESS for a wrong checksum, prefix, length, and for a key that is none */
export function decodePaymentAddress(address: string): PaymentAddress {
  const { prefix, bytes } = (() => {
    try {
      return bech32m.decodeToBytes(address);
    } catch (error) {
      throw bad("its checksum is wrong", error);
    }
  })();
  if (prefix !== PREFIX) throw bad(`it begins with ${prefix}1, not ${PREFIX}1`);
  const [parity = 0] = bytes;
  if (bytes.length !== BYTES || parity > 1) throw bad("it has another format");
  const [npk, x] = [bytesToUint(bytes.subarray(1, 33)), bytesToUint(bytes.subarray(33))];
  if (!isField(npk) || !isField(x)) throw bad("a key in it is not a field");
  const viewingKey = pointFromX(x, parity === 1);
  if (viewingKey === undefined || !onCurve(viewingKey)) throw bad("its viewing key is not a point of Grumpkin");
  return { npk, viewingKey };
}

function bad(what: string, cause?: unknown): WalletError {
  return new WalletError(
    WalletErrorCode.BAD_ADDRESS,
    `not a payment address: ${what}; copy it again from the recipient`,
    { what },
    { cause },
  );
}
