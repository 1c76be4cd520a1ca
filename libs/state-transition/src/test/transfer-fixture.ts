import { AppendOnlyTree, MemoryNodeStore, packFields, unpackFields } from "@sprtn/merkle-trees";
import { addressToField, EthAddress, Field, fieldFromBytes, jsFieldHasher, Slot, ZERO_FIELD } from "@sprtn/primitives";
import {
  type AccountSecrets,
  CallKind,
  constants,
  deriveAddress,
  deriveNpk,
  hashL1ToL2Message,
  hashNote,
  hashSecret,
  type InputNote,
  maxFeeOf,
  type OutputNote,
  type TransferWitness,
  uniqueNoteHash,
} from "@sprtn/protocol";

const hasher = jsFieldHasher;
export const owner: AccountSecrets = { nsk: Field(11), viewingKey: { x: Field(1), y: Field(2) } };
export const friend: AccountSecrets = { nsk: Field(12), viewingKey: { x: Field(3), y: Field(4) } };
export const nobody: AccountSecrets = { nsk: ZERO_FIELD, viewingKey: { x: ZERO_FIELD, y: ZERO_FIELD } };
export const addressOf = (account: AccountSecrets): Field => deriveAddress(hasher, deriveNpk(hasher, account.nsk), account.viewingKey);
export const portal = EthAddress(`0x${"fe".repeat(20)}`);

const noPath = Array.from({ length: constants.NOTE_HASH_TREE_DEPTH }, () => ZERO_FIELD);
export const dummyInput = (randomness: number): InputNote => ({ value: 0n, randomness: Field(randomness), firstNullifier: ZERO_FIELD, outputIndex: 0, leafIndex: 0n, path: noPath });
export const absent: OutputNote = { present: false, value: 0n, npk: ZERO_FIELD, randomness: ZERO_FIELD };
export const output = (value: bigint, account = friend): OutputNote => ({ present: true, value, npk: deriveNpk(hasher, account.nsk), randomness: Field(value + 1000n) });

const gas = {
  l2GasLimit: 20_000,
  daGasLimit: 1_000,
  l2TeardownGasLimit: 0,
  daTeardownGasLimit: 0,
  maxFees: { perL2Gas: 5n, perDaGas: 7n },
  priorityFees: { perL2Gas: 1n, perDaGas: 0n },
};
/** Wei. */
export const maxFee = maxFeeOf(gas);

/** Two notes of the owner's, of 1,000,000 and 500,000 wei, in a tree with others. */
function notesOnChain(): { root: Field; inputs: readonly [InputNote, InputNote] } {
  const tree = new AppendOnlyTree({ store: new MemoryNodeStore(), hasher }, { depth: constants.NOTE_HASH_TREE_DEPTH });
  const npk = deriveNpk(hasher, owner.nsk);
  const notes = [1_000_000n, 500_000n].map((value, i) => ({ value, randomness: Field(100 + i), firstNullifier: Field(200 + i), outputIndex: 1 - i, leafIndex: BigInt(2 * i + 1) }));
  const leaves = notes.map(note => uniqueNoteHash(hasher, note.firstNullifier, note.outputIndex, hashNote(hasher, { ...note, npk })));
  tree.append(packFields([Field(1), leaves[0] as Field, Field(2), leaves[1] as Field]));
  const inputs = notes.map(note => ({ ...note, path: unpackFields(tree.path(Number(note.leafIndex))) }));
  return { root: fieldFromBytes(tree.root()), inputs: inputs as unknown as readonly [InputNote, InputNote] };
}

const chain = notesOnChain();
export const realInputs = chain.inputs;
export const deposited = { recipient: addressOf(owner), amount: 777n, globalIndex: 16n, secret: Field(4242) };
const depositHash = hashL1ToL2Message({ chainId: 31337n, rollupVersion: 1n, feePortal: portal }, { ...deposited, secretHash: hashSecret(hasher, deposited.secret) });

const base: TransferWitness = {
  chainId: 31337n,
  rollupVersion: 1n,
  anchorNoteHashRoot: chain.root,
  expirationSlot: Slot(63),
  encryptedNotesHash: Field(5),
  publicSender: ZERO_FIELD,
  call: { kind: CallKind.NONE, target: ZERO_FIELD, amount: 0n, message: ZERO_FIELD },
  feePayer: ZERO_FIELD,
  gas,
  nsk: owner.nsk,
  inputs: [dummyInput(31), dummyInput(32)],
  outputs: [absent, absent],
  sender: nobody,
  payer: nobody,
  message: { portal: ZERO_FIELD, globalIndex: 0n, secret: ZERO_FIELD },
};

const call = (kind: CallKind, target: Field, amount: bigint, message = ZERO_FIELD) => ({ kind, target, amount, message });
const own = { publicSender: addressOf(owner), sender: owner, feePayer: addressOf(owner), payer: owner };

/** A witness of each kind that satisfies every constraint. */
export const witnesses: Readonly<Record<CallKind, TransferWitness>> = {
  [CallKind.NONE]: { ...base, inputs: realInputs, outputs: [output(600_000n), output(1_500_000n - 600_000n - maxFee, owner)] },
  [CallKind.TRANSFER]: { ...base, ...own, call: call(CallKind.TRANSFER, addressOf(friend), 50n) },
  [CallKind.SHIELD]: { ...base, ...own, call: call(CallKind.SHIELD, ZERO_FIELD, 50n), outputs: [output(20n), output(30n)] },
  [CallKind.UNSHIELD]: {
    ...base,
    call: call(CallKind.UNSHIELD, addressOf(friend), 50n),
    feePayer: addressOf(friend),
    payer: friend,
    inputs: [realInputs[0], dummyInput(32)],
    outputs: [output(realInputs[0].value - 50n, owner), output(0n, owner)],
  },
  [CallKind.DEPOSIT]: {
    ...base,
    call: call(CallKind.DEPOSIT, deposited.recipient, deposited.amount, depositHash),
    feePayer: addressOf(owner),
    payer: owner,
    message: { portal: addressToField(portal), globalIndex: deposited.globalIndex, secret: deposited.secret },
  },
  [CallKind.WITHDRAW]: { ...base, ...own, call: call(CallKind.WITHDRAW, addressToField(portal), 50n) },
};
