import {
  addressFromField,
  addressToField,
  concatBytes,
  type EthAddress,
  type Field,
  fieldToBytes,
  sha256ToField,
  uintToBytes,
  ZERO_FIELD,
} from "@sprtn/primitives";
import type { ChainIdentity } from "./accumulator.js";

/** An L1→L2 message: a payment into a public balance (spec/encoding.md "L1 messages"). */
export interface L1ToL2Message {
  /** L2 address credited. */
  readonly recipient: Field;
  /** Wei, below 2^128. */
  readonly amount: bigint;
  /** Index of its leaf in the message tree. */
  readonly globalIndex: bigint;
  /** `H(SECRET, secret)`: anyone who knows the secret may consume it. */
  readonly secretHash: Field;
}

/**
 * The leaf that the Inbox computes for a message (spec/encoding.md "L1 messages"), bound to chain, version and
 * portal.
 */
export function hashL1ToL2Message(identity: ChainIdentity, message: L1ToL2Message): Field {
  return sha256ToField(
    concatBytes(
      uintToBytes(identity.chainId, 32),
      uintToBytes(identity.rollupVersion, 32),
      fieldToBytes(addressToField(identity.feePortal)),
      fieldToBytes(message.recipient),
      uintToBytes(message.amount, 32),
      uintToBytes(message.globalIndex, 32),
      fieldToBytes(message.secretHash),
    ),
  );
}

/** The L2→L1 message of a `withdraw`: FeePortal pays `amount` wei to `recipient` for it. */
export function hashWithdrawal(identity: ChainIdentity, recipient: EthAddress, amount: bigint): Field {
  return sha256ToField(
    concatBytes(
      uintToBytes(identity.chainId, 32),
      uintToBytes(identity.rollupVersion, 32),
      fieldToBytes(addressToField(identity.feePortal)),
      fieldToBytes(addressToField(recipient)),
      uintToBytes(amount, 32),
    ),
  );
}

/** Rolling hash of a block's L1→L2 messages, in order; 0 for none. */
export function inHashOf(messages: readonly Field[]): Field {
  return messages.reduce(
    (hash, message) => sha256ToField(concatBytes(fieldToBytes(hash), fieldToBytes(message))),
    ZERO_FIELD,
  );
}

/**
 * Whom a `withdraw` pays on L1.
 * @throws PrimitiveError OUT_OF_RANGE for a target beyond 160 bits, which admission refuses
 */
export function addressOfWithdrawal(call: { readonly target: Field }): EthAddress {
  return addressFromField(call.target);
}
