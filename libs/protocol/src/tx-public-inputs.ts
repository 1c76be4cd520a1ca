import { type Field, type FieldHasher, isField, Slot } from "@sprtn/primitives";
import { DomainSeparator, TX_PUBLIC_INPUTS } from "./generated/constants.js";
import type { GasFees } from "./header.js";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";
import type { Pair } from "./tx-effect.js";

/** What the public part of a payment does; spec/transactions.md "Calls" says which fields each kind uses. */
export enum CallKind {
  NONE = 0,
  TRANSFER = 1,
  SHIELD = 2,
  UNSHIELD = 3,
  DEPOSIT = 4,
  WITHDRAW = 5,
}

/** The public part of a payment; which fields a kind uses: spec/transactions.md "Calls". */
export interface PublicCall {
  readonly kind: CallKind;
  /** L2 address; for WITHDRAW an Ethereum address as a field; 0 for NONE and SHIELD. */
  readonly target: Field;
  /** Wei, u128. */
  readonly amount: bigint;
  /** The L1→L2 message consumed by DEPOSIT, else 0. */
  readonly message: Field;
}

/** Limits in units of gas (u32) and what the sender would pay for them (wei per gas, u64). */
export interface GasSettings {
  readonly l2GasLimit: number;
  readonly daGasLimit: number;
  readonly l2TeardownGasLimit: number;
  readonly daTeardownGasLimit: number;
  readonly maxFees: GasFees;
  readonly priorityFees: GasFees;
}

/** Public inputs of the client proof, 24 fields. */
export interface TxPublicInputs {
  readonly chainId: bigint;
  readonly rollupVersion: bigint;
  readonly anchorNoteHashRoot: Field;
  readonly expirationSlot: Slot;
  readonly nullifiers: Pair<Field>;
  readonly noteHashes: Pair<Field>;
  readonly encryptedNotesHash: Field;
  /** L2 address whose balance the call debits; 0 for none. */
  readonly publicSender: Field;
  readonly call: PublicCall;
  /** L2 address; 0: the fee comes out of the notes. */
  readonly feePayer: Field;
  readonly feeFromNotes: bigint;
  readonly gas: GasSettings;
}

/** The 24 public inputs in the order in which the client circuit has them. */
export function publicInputsToFields(inputs: TxPublicInputs): Field[] {
  const { call, gas } = inputs;
  return [
    inputs.chainId,
    inputs.rollupVersion,
    inputs.anchorNoteHashRoot,
    BigInt(inputs.expirationSlot),
    ...inputs.nullifiers,
    ...inputs.noteHashes,
    inputs.encryptedNotesHash,
    inputs.publicSender,
    BigInt(call.kind),
    call.target,
    call.amount,
    call.message,
    inputs.feePayer,
    inputs.feeFromNotes,
    BigInt(gas.l2GasLimit),
    BigInt(gas.daGasLimit),
    BigInt(gas.l2TeardownGasLimit),
    BigInt(gas.daTeardownGasLimit),
    gas.maxFees.perL2Gas,
    gas.maxFees.perDaGas,
    gas.priorityFees.perL2Gas,
    gas.priorityFees.perDaGas,
  ] as Field[];
}

/** @throws ProtocolError BAD_TX naming the field that is out of its range */
export function publicInputsFromFields(values: readonly bigint[]): TxPublicInputs {
  if (values.length !== TX_PUBLIC_INPUTS) throw bad(`${values.length} public inputs, not ${TX_PUBLIC_INPUTS}`);
  const uint = (index: number, bits: number, what: string): bigint => {
    const value = values[index];
    if (value === undefined || value < 0n || value >> BigInt(bits) !== 0n) throw bad(`${what} is not a u${bits}`);
    return value;
  };
  const field = (index: number, what: string): Field => {
    const value = values[index];
    if (value === undefined || !isField(value)) throw bad(`${what} is not a field`);
    return value;
  };
  const u32 = (index: number, what: string): number => Number(uint(index, 32, what));
  const kind = u32(10, "callKind");
  if (CallKind[kind] === undefined) throw bad(`no call kind ${kind}`);
  return {
    chainId: uint(0, 64, "chainId"),
    rollupVersion: uint(1, 64, "rollupVersion"),
    anchorNoteHashRoot: field(2, "anchorNoteHashRoot"),
    expirationSlot: Slot(u32(3, "expirationSlot")),
    nullifiers: [field(4, "nullifiers[0]"), field(5, "nullifiers[1]")],
    noteHashes: [field(6, "noteHashes[0]"), field(7, "noteHashes[1]")],
    encryptedNotesHash: field(8, "encryptedNotesHash"),
    publicSender: field(9, "publicSender"),
    call: {
      kind,
      target: field(11, "callTarget"),
      amount: uint(12, 128, "callAmount"),
      message: field(13, "callMessage"),
    },
    feePayer: field(14, "feePayer"),
    feeFromNotes: uint(15, 128, "feeFromNotes"),
    gas: {
      l2GasLimit: u32(16, "l2GasLimit"),
      daGasLimit: u32(17, "daGasLimit"),
      l2TeardownGasLimit: u32(18, "l2TeardownGasLimit"),
      daTeardownGasLimit: u32(19, "daTeardownGasLimit"),
      maxFees: { perL2Gas: uint(20, 64, "maxFeePerL2Gas"), perDaGas: uint(21, 64, "maxFeePerDaGas") },
      priorityFees: { perL2Gas: uint(22, 64, "priorityFeePerL2Gas"), perDaGas: uint(23, 64, "priorityFeePerDaGas") },
    },
  };
}

/** A transaction's identity: everything but its proof. */
export function hashTx(hasher: FieldHasher, inputs: TxPublicInputs): Field {
  return hasher.hash([DomainSeparator.TX, ...publicInputsToFields(inputs)]);
}

function bad(what: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.BAD_TX, `not a transaction: ${what}`, { what });
}
