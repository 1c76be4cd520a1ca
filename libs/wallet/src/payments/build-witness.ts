import { type Field, type FieldHasher, type Slot, ZERO_FIELD } from "@sprtn/primitives";
import {
  type AccountSecrets,
  CallKind,
  constants,
  type GasSettings,
  hashEncryptedNotes,
  type InputNote,
  maxFeeOf,
  NO_ENCRYPTED_NOTES,
  type OutputNote,
  type Pair,
  type Six,
  type TransferWitness,
} from "@sprtn/protocol";
import type { Random } from "@sprtn/ports";
import { randomBelow } from "@sprtn/runtime";
import type { AccountKeys } from "../keys/account-keys.js";
import { randomField } from "../keys/wide-uint.js";
import { encryptOutput } from "../notes/encrypt-output.js";
import type { StoredNote } from "../notes/stored-note.js";
import { notesSpent, type PaymentPlan, type PlannedOutput, spendsNotes } from "./payment-plan.js";

/** What the chain gives to a transaction. */
export interface WitnessGround {
  readonly chainId: bigint;
  readonly rollupVersion: bigint;
  readonly anchorNoteHashRoot: Field;
  readonly expirationSlot: Slot;
  readonly gas: GasSettings;
  /** Notes to spend, with their siblings under the anchor root: at most two, one for a deposit. */
  readonly notes: readonly { readonly note: StoredNote; readonly path: readonly Field[] }[];
}

export interface BuiltWitness {
  readonly witness: TransferWitness;
  readonly encryptedNotes: Six<Field>;
  /** Who gets each output, in the order of the witness. */
  readonly outputs: readonly PlannedOutput[];
}

const NOBODY: AccountSecrets = { nsk: ZERO_FIELD, viewingKey: { x: ZERO_FIELD, y: ZERO_FIELD } };
const ABSENT: OutputNote = { present: false, value: 0n, npk: ZERO_FIELD, randomness: ZERO_FIELD };
const NO_PATH: readonly Field[] = Array.from({ length: constants.NOTE_HASH_TREE_DEPTH }, () => ZERO_FIELD);

/** Draws randomness, makes change and dummies, encrypts: everything that the circuit takes. */
export function buildWitness(
  dependencies: { readonly hasher: FieldHasher; readonly random: Random },
  plan: PaymentPlan,
  ground: WitnessGround,
): BuiltWitness {
  const { hasher, random } = dependencies;
  const outputs = plannedOutputs(random, plan, ground);
  const made = outputs.map(({ to, value }): OutputNote => ({
    present: true,
    value,
    npk: to.npk,
    randomness: randomField(random),
  }));
  const ciphertexts = outputs.flatMap(({ to }, i) => encryptOutput(dependencies, to, made[i] as OutputNote));
  const encryptedNotes = [...ciphertexts, ...NO_ENCRYPTED_NOTES.slice(ciphertexts.length)] as unknown as Six<Field>;
  return {
    encryptedNotes,
    outputs,
    witness: {
      chainId: ground.chainId,
      rollupVersion: ground.rollupVersion,
      anchorNoteHashRoot: ground.anchorNoteHashRoot,
      expirationSlot: ground.expirationSlot,
      encryptedNotesHash:
        ciphertexts.length === 0 ? emptyNotesHash(hasher) : hashEncryptedNotes(hasher, encryptedNotes),
      publicSender: plan.sender?.address ?? ZERO_FIELD,
      call: plan.call,
      feePayer: plan.payer?.address ?? ZERO_FIELD,
      gas: ground.gas,
      nsk: plan.owner.nsk,
      inputs: inputNotes(random, plan, ground),
      outputs: [made[0] ?? ABSENT, made[1] ?? ABSENT],
      sender: secretsOf(plan.sender),
      payer: secretsOf(plan.payer),
      message: plan.message,
    },
  };
}

/**
 * Recipients' notes, and for a transaction that spends notes change and dummies up to two, in an order that says
 * nothing.
 */
function plannedOutputs(random: Random, plan: PaymentPlan, ground: WitnessGround): readonly PlannedOutput[] {
  if (!spendsNotes(plan)) return plan.payments;
  const fee = plan.payer === undefined ? maxFeeOf(ground.gas) : 0n;
  const brought = ground.notes.reduce((sum, { note }) => sum + note.value, 0n);
  const own = (value: bigint): PlannedOutput => ({ to: plan.owner.paymentAddress, value });
  const all = [...plan.payments, own(brought - notesSpent(plan) - fee), own(0n)].slice(0, constants.NOTE_HASHES_PER_TX);
  return randomBelow(random, 2) === 0 ? all : all.reverse();
}

function inputNotes(random: Random, plan: PaymentPlan, ground: WitnessGround): Pair<InputNote> {
  const real = ground.notes.map(({ note, path }): InputNote => ({
    value: note.value,
    randomness: note.randomness,
    firstNullifier: note.firstNullifier,
    outputIndex: note.outputIndex,
    leafIndex: note.leafIndex,
    path,
  }));
  const dummy = (): InputNote => ({
    value: 0n,
    randomness: randomField(random),
    firstNullifier: ZERO_FIELD,
    outputIndex: 0,
    leafIndex: 0n,
    path: NO_PATH,
  });
  const [first = dummy(), second = dummy()] = real;
  // The first nullifier of a deposit is its message's.
  return plan.call.kind === CallKind.DEPOSIT ? [second, first] : [first, second];
}

function secretsOf(account: AccountKeys | undefined): AccountSecrets {
  return account === undefined ? NOBODY : { nsk: account.nsk, viewingKey: account.viewingKey };
}

const emptyHashes = new WeakMap<FieldHasher, Field>();

/** Of six zeros: the same for every public payment, so hashed once. */
function emptyNotesHash(hasher: FieldHasher): Field {
  const known = emptyHashes.get(hasher) ?? hashEncryptedNotes(hasher, NO_ENCRYPTED_NOTES);
  emptyHashes.set(hasher, known);
  return known;
}
