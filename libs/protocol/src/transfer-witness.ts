import { concatBytes, type Field, fieldToBytes, isField, Slot } from "@sprtn/primitives";
import { ByteReader } from "./byte-reader.js";
import { NOTE_HASH_TREE_DEPTH } from "./generated/constants.js";
import type { GrumpkinPoint } from "./notes.js";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";
import type { Pair } from "./tx-effect.js";
import { CallKind, type GasSettings, type PublicCall } from "./tx-public-inputs.js";

/**
 * Proves ownership of an L2 address: `address = H(ADDRESS, H(NPK, nsk), viewing key)`. All 0 where no owner has to be
 * shown.
 */
export interface AccountSecrets {
  readonly nsk: Field;
  readonly viewingKey: GrumpkinPoint;
}

/** A note that is spent; value 0 makes it a dummy, of which only the randomness counts. */
export interface InputNote {
  /** Wei, u128. */
  readonly value: bigint;
  readonly randomness: Field;
  /** First nullifier of the transaction that created it, and which of its outputs it is. */
  readonly firstNullifier: Field;
  readonly outputIndex: number;
  /** Its place in the note hash tree, and the siblings from there to the anchor root. */
  readonly leafIndex: bigint;
  readonly path: readonly Field[];
}

/** A note that is created; one that is not `present` leaves a note hash of 0 and has value 0. */
export interface OutputNote {
  readonly present: boolean;
  /** Wei, u128. A present note of value 0 hides that there is no change. */
  readonly value: bigint;
  readonly npk: Field;
  readonly randomness: Field;
}

/** Opens the L1→L2 message of a `deposit`; all 0 for other kinds. */
export interface MessageOpening {
  /** Who sent it on L1, as a field. */
  readonly portal: Field;
  /** u64 */
  readonly globalIndex: bigint;
  readonly secret: Field;
}

/**
 * Everything that the transfer circuit takes (spec/transactions.md "Witness"); nullifiers, note hashes and the fee from
 * notes come out of it.
 */
export interface TransferWitness {
  readonly chainId: bigint;
  readonly rollupVersion: bigint;
  readonly anchorNoteHashRoot: Field;
  readonly expirationSlot: Slot;
  readonly encryptedNotesHash: Field;
  readonly publicSender: Field;
  readonly call: PublicCall;
  readonly feePayer: Field;
  readonly gas: GasSettings;
  /** Spends the inputs and makes the dummies' nullifiers. */
  readonly nsk: Field;
  readonly inputs: Pair<InputNote>;
  readonly outputs: Pair<OutputNote>;
  readonly sender: AccountSecrets;
  readonly payer: AccountSecrets;
  readonly message: MessageOpening;
}

/** Fields of an encoded witness. */
export const TRANSFER_WITNESS_FIELDS = 20 + 2 * (5 + NOTE_HASH_TREE_DEPTH) + 2 * 4 + 2 * 3 + 3;
/** Length of an encoded witness, bytes. */
export const TRANSFER_WITNESS_BYTES = 32 * TRANSFER_WITNESS_FIELDS;

const secretsToFields = (secrets: AccountSecrets): bigint[] => [
  secrets.nsk,
  secrets.viewingKey.x,
  secrets.viewingKey.y,
];

/** 111 fields of 32 bytes, big-endian. @throws ProtocolError BAD_WITNESS for a path of another length */
export function encodeTransferWitness(witness: TransferWitness): Uint8Array {
  const { call, gas } = witness;
  const values: bigint[] = [
    witness.chainId,
    witness.rollupVersion,
    witness.anchorNoteHashRoot,
    BigInt(witness.expirationSlot),
    witness.encryptedNotesHash,
    witness.publicSender,
    BigInt(call.kind),
    call.target,
    call.amount,
    call.message,
    witness.feePayer,
    BigInt(gas.l2GasLimit),
    BigInt(gas.daGasLimit),
    BigInt(gas.l2TeardownGasLimit),
    BigInt(gas.daTeardownGasLimit),
    gas.maxFees.perL2Gas,
    gas.maxFees.perDaGas,
    gas.priorityFees.perL2Gas,
    gas.priorityFees.perDaGas,
    witness.nsk,
    ...witness.inputs.flatMap(note => [
      note.value,
      note.randomness,
      note.firstNullifier,
      BigInt(note.outputIndex),
      note.leafIndex,
      ...note.path,
    ]),
    ...witness.outputs.flatMap(note => [note.present ? 1n : 0n, note.value, note.npk, note.randomness]),
    ...secretsToFields(witness.sender),
    ...secretsToFields(witness.payer),
    witness.message.portal,
    witness.message.globalIndex,
    witness.message.secret,
  ];
  if (values.length !== TRANSFER_WITNESS_FIELDS) throw bad(`a note's path has ${NOTE_HASH_TREE_DEPTH} siblings`);
  return concatBytes(...values.map(value => fieldToBytes(value as Field)));
}

/**
 * @throws ProtocolError BAD_WITNESS for a wrong length, a value that is not a field or beyond the range of its type, as
 *   the circuit's own decoding refuses it
 */
export function decodeTransferWitness(bytes: Uint8Array): TransferWitness {
  if (bytes.length !== TRANSFER_WITNESS_BYTES) throw bad(`${bytes.length} bytes, not ${TRANSFER_WITNESS_BYTES}`);
  const reader = new ByteReader(bytes);
  const uint = (bits: number, what: string): bigint => {
    const value = reader.uint(32);
    if (value >> BigInt(bits) !== 0n) throw bad(`${what} is not a u${bits}`);
    return value;
  };
  const u32 = (what: string): number => Number(uint(32, what));
  const field = (what: string): Field => {
    const value = reader.uint(32);
    if (!isField(value)) throw bad(`${what} is not a field`);
    return value;
  };
  const kind = (): CallKind => {
    const value = u32("callKind");
    if (CallKind[value] === undefined) throw bad(`no call kind ${value}`);
    return value;
  };
  const input = (): InputNote => ({
    value: uint(128, "an input's value"),
    randomness: field("an input's randomness"),
    firstNullifier: field("an input's first nullifier"),
    outputIndex: Number(uint(1, "an input's output index")),
    leafIndex: uint(NOTE_HASH_TREE_DEPTH, "an input's leaf index"),
    path: Array.from({ length: NOTE_HASH_TREE_DEPTH }, () => field("a sibling")),
  });
  const output = (): OutputNote => ({
    present: uint(1, "an output's presence") === 1n,
    value: uint(128, "an output's value"),
    npk: field("an output's owner"),
    randomness: field("an output's randomness"),
  });
  const secrets = (): AccountSecrets => ({
    nsk: field("an nsk"),
    viewingKey: { x: field("a viewing key"), y: field("a viewing key") },
  });
  return {
    chainId: uint(64, "chainId"),
    rollupVersion: uint(64, "rollupVersion"),
    anchorNoteHashRoot: field("anchorNoteHashRoot"),
    expirationSlot: Slot(u32("expirationSlot")),
    encryptedNotesHash: field("encryptedNotesHash"),
    publicSender: field("publicSender"),
    call: { kind: kind(), target: field("callTarget"), amount: uint(128, "callAmount"), message: field("callMessage") },
    feePayer: field("feePayer"),
    gas: {
      l2GasLimit: u32("l2GasLimit"),
      daGasLimit: u32("daGasLimit"),
      l2TeardownGasLimit: u32("l2TeardownGasLimit"),
      daTeardownGasLimit: u32("daTeardownGasLimit"),
      maxFees: { perL2Gas: uint(64, "maxFeePerL2Gas"), perDaGas: uint(64, "maxFeePerDaGas") },
      priorityFees: { perL2Gas: uint(64, "priorityFeePerL2Gas"), perDaGas: uint(64, "priorityFeePerDaGas") },
    },
    nsk: field("nsk"),
    inputs: [input(), input()],
    outputs: [output(), output()],
    sender: secrets(),
    payer: secrets(),
    message: { portal: field("portal"), globalIndex: uint(64, "globalIndex"), secret: field("secret") },
  };
}

function bad(what: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.BAD_WITNESS, `not a transfer witness: ${what}`, { what });
}
