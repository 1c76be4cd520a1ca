import { AppendOnlyTree, MemoryNodeStore, packFields, unpackFields } from "@sprtn/merkle-trees";
import {
  addFields,
  addressToField,
  EthAddress,
  Field,
  fieldFromBytes,
  jsFieldHasher,
  Slot,
  ZERO_FIELD,
} from "@sprtn/primitives";
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
/** Secrets of the account that pays in the fixtures. */
export const owner: AccountSecrets = { nsk: Field(11), viewingKey: { x: Field(1), y: Field(2) } };
/** Secrets of the account that is paid. */
export const friend: AccountSecrets = { nsk: Field(12), viewingKey: { x: Field(3), y: Field(4) } };
/** Used where no owner has to be shown. */
export const nobody: AccountSecrets = { nsk: ZERO_FIELD, viewingKey: { x: ZERO_FIELD, y: ZERO_FIELD } };
/** The account's L2 address. */
export const addressOf = (account: AccountSecrets): Field =>
  deriveAddress(hasher, deriveNpk(hasher, account.nsk), account.viewingKey);
/** Address of the FeePortal that the fixtures' deposits come from. */
export const portal = EthAddress(`0x${"fe".repeat(20)}`);

const noPath = Array.from({ length: constants.NOTE_HASH_TREE_DEPTH }, () => ZERO_FIELD);
/** An input that spends nothing; its randomness makes its nullifier its own. */
export const dummyInput = (randomness: number): InputNote => ({
  value: 0n,
  randomness: Field(randomness),
  firstNullifier: ZERO_FIELD,
  outputIndex: 0,
  leafIndex: 0n,
  path: noPath,
});
/** An absent output. */
export const absent: OutputNote = { present: false, value: 0n, npk: ZERO_FIELD, randomness: ZERO_FIELD };
/** A note of `value` wei, to the friend unless told. */
export const output = (value: bigint, account = friend): OutputNote => ({
  present: true,
  value,
  npk: deriveNpk(hasher, account.nsk),
  randomness: Field(value + 1000n),
});

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
  const notes = [1_000_000n, 500_000n].map((value, i) => ({
    value,
    randomness: Field(100 + i),
    firstNullifier: Field(200 + i),
    outputIndex: 1 - i,
    leafIndex: BigInt(2 * i + 1),
  }));
  const leaves = notes.map(note => uniqueNoteHash(hasher, note, hashNote(hasher, { ...note, npk })));
  tree.append(packFields([Field(1), leaves[0] as Field, Field(2), leaves[1] as Field]));
  const inputs = notes.map(note => ({ ...note, path: unpackFields(tree.path(Number(note.leafIndex))) }));
  return { root: fieldFromBytes(tree.root()), inputs: inputs as unknown as readonly [InputNote, InputNote] };
}

const chain = notesOnChain();
/** Two notes that lie in one tree, to be spent. */
export const realInputs = chain.inputs;
/** The deposit that the fixture of that kind claims. */
export const deposited = { recipient: addressOf(owner), amount: 777n, globalIndex: 16n, secret: Field(4242) };
const depositHash = hashL1ToL2Message(
  { chainId: 31337n, rollupVersion: 1n, feePortal: portal },
  { ...deposited, secretHash: hashSecret(hasher, deposited.secret) },
);

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

const callOf = (kind: CallKind, target: Field, amount: bigint) => ({ kind, target, amount, message: ZERO_FIELD });
const own = { publicSender: addressOf(owner), sender: owner, feePayer: addressOf(owner), payer: owner };

/** A witness of each kind that satisfies every constraint. */
export const witnesses: Readonly<Record<CallKind, TransferWitness>> = {
  [CallKind.NONE]: {
    ...base,
    inputs: realInputs,
    outputs: [output(600_000n), output(1_500_000n - 600_000n - maxFee, owner)],
  },
  [CallKind.TRANSFER]: { ...base, ...own, call: callOf(CallKind.TRANSFER, addressOf(friend), 50n) },
  [CallKind.SHIELD]: {
    ...base,
    ...own,
    call: callOf(CallKind.SHIELD, ZERO_FIELD, 50n),
    outputs: [output(20n), output(30n)],
  },
  [CallKind.UNSHIELD]: {
    ...base,
    call: callOf(CallKind.UNSHIELD, addressOf(friend), 50n),
    feePayer: addressOf(friend),
    payer: friend,
    inputs: [realInputs[0], dummyInput(32)],
    outputs: [output(realInputs[0].value - 50n, owner), output(0n, owner)],
  },
  [CallKind.DEPOSIT]: {
    ...base,
    call: { kind: CallKind.DEPOSIT, target: deposited.recipient, amount: deposited.amount, message: depositHash },
    feePayer: addressOf(owner),
    payer: owner,
    message: { portal: addressToField(portal), globalIndex: deposited.globalIndex, secret: deposited.secret },
  },
  [CallKind.WITHDRAW]: { ...base, ...own, call: callOf(CallKind.WITHDRAW, addressToField(portal), 50n) },
};

/** What to change in the witness of a kind, and the constraint that then fails. */
export type TransferBreak = readonly [
  kind: CallKind,
  what: string,
  constraint: string,
  change: (witness: TransferWitness) => Partial<TransferWitness>,
];

const { NONE, TRANSFER, SHIELD, UNSHIELD, DEPOSIT, WITHDRAW } = CallKind;
const another = (field: Field): Field => addFields(field, 1n);
const amount = (difference: bigint) => (witness: TransferWitness) => ({
  call: { ...witness.call, amount: witness.call.amount + difference },
});
const message =
  (change: (message: TransferWitness["message"]) => Partial<TransferWitness["message"]>) =>
  (witness: TransferWitness) => ({ message: { ...witness.message, ...change(witness.message) } });
const input = (index: 0 | 1, change: (note: InputNote) => Partial<InputNote>) => (witness: TransferWitness) => ({
  inputs: witness.inputs.with(index, {
    ...witness.inputs[index],
    ...change(witness.inputs[index]),
  }) as unknown as TransferWitness["inputs"],
});
const senderRule = (kind: CallKind, what: string, change: TransferBreak[3]): TransferBreak => [
  kind,
  what,
  "a public sender is there for kinds that debit one, and only for them",
  change,
];
const targetRule = (kind: CallKind, what: string, change: TransferBreak[3]): TransferBreak => [
  kind,
  what,
  "a target is there for kinds that have one, and only for them",
  change,
];
const notAccount = (kind: CallKind, what: string, change: TransferBreak[3]): TransferBreak => [
  kind,
  what,
  "public sender's secrets are not known",
  change,
];
const notPayer = (kind: CallKind, what: string, change: TransferBreak[3]): TransferBreak => [
  kind,
  what,
  "fee payer's secrets are not known",
  change,
];
const notOpened = (what: string, change: TransferBreak[3]): TransferBreak => [
  DEPOSIT,
  what,
  "message does not say what the deposit credits",
  change,
];
const notMember = (what: string, change: TransferBreak[3]): TransferBreak => [
  NONE,
  what,
  "an input note is not in the tree of the anchor",
  change,
];
const unbalanced = (kind: CallKind, what: string, change: TransferBreak[3]): TransferBreak => [
  kind,
  what,
  "inputs and outputs do not balance",
  change,
];

/** Every constraint of the transfer circuit that an encoded witness can break, one change each. */
export const transferBreaks: readonly TransferBreak[] = [
  [TRANSFER, "no amount", "a call has an amount, no call has none", ({ call }) => ({ call: { ...call, amount: 0n } })],
  [NONE, "an amount", "a call has an amount, no call has none", amount(1n)],
  senderRule(TRANSFER, "no sender", () => ({ publicSender: ZERO_FIELD })),
  senderRule(SHIELD, "no sender", () => ({ publicSender: ZERO_FIELD })),
  senderRule(WITHDRAW, "no sender", () => ({ publicSender: ZERO_FIELD })),
  senderRule(NONE, "a sender", () => ({ publicSender: addressOf(owner), sender: owner })),
  senderRule(UNSHIELD, "a sender", () => ({ publicSender: addressOf(owner), sender: owner })),
  senderRule(DEPOSIT, "a sender", () => ({ publicSender: addressOf(owner), sender: owner })),
  targetRule(TRANSFER, "no target", ({ call }) => ({ call: { ...call, target: ZERO_FIELD } })),
  targetRule(UNSHIELD, "no target", ({ call }) => ({ call: { ...call, target: ZERO_FIELD } })),
  targetRule(SHIELD, "a target", ({ call }) => ({ call: { ...call, target: addressOf(friend) } })),
  targetRule(NONE, "a target", ({ call }) => ({ call: { ...call, target: addressOf(friend) } })),
  [
    TRANSFER,
    "a message",
    "only a deposit consumes a message",
    ({ call }) => ({ call: { ...call, message: Field(1) } }),
  ],
  [
    WITHDRAW,
    "a target beyond 160 bits",
    "target of a withdraw is no Ethereum address",
    ({ call }) => ({ call: { ...call, target: Field(1n << 160n) } }),
  ],
  ...[192n, 224n].map((bit): TransferBreak => [
    WITHDRAW,
    `a target of 2^${bit}`,
    "target of a withdraw is no Ethereum address",
    ({ call }) => ({ call: { ...call, target: Field(1n << bit) } }),
  ]),
  [
    WITHDRAW,
    "an L2 address for a target",
    "target of a withdraw is no Ethereum address",
    ({ call }) => ({ call: { ...call, target: addressOf(owner) } }),
  ],
  [SHIELD, "a first note spent", "a shield spends no notes", ({ inputs }) => ({ inputs: [realInputs[0], inputs[1]] })],
  [SHIELD, "a second note spent", "a shield spends no notes", ({ inputs }) => ({ inputs: [inputs[0], realInputs[1]] })],
  [SHIELD, "no fee payer", "a shield has a fee payer", () => ({ feePayer: ZERO_FIELD })],
  [
    DEPOSIT,
    "a note spent as the first input",
    "first input of a deposit is no dummy",
    ({ inputs }) => ({ inputs: [realInputs[0], inputs[1]] }),
  ],
  [
    DEPOSIT,
    "a portal beyond 160 bits",
    "portal is no Ethereum address",
    message(() => ({ portal: Field(1n << 160n) })),
  ],
  ...[192n, 224n].map((bit): TransferBreak => [
    DEPOSIT,
    `a portal of 2^${bit}`,
    "portal is no Ethereum address",
    message(() => ({ portal: Field(1n << bit) })),
  ]),
  [DEPOSIT, "two notes spent", "first input of a deposit is no dummy", () => ({ inputs: realInputs })],

  notOpened("a higher amount", amount(1n)),
  notOpened("another recipient", ({ call }) => ({ call: { ...call, target: addressOf(friend) } })),
  notOpened(
    "another secret",
    message(({ secret }) => ({ secret: another(secret) })),
  ),
  notOpened(
    "another index",
    message(({ globalIndex }) => ({ globalIndex: globalIndex + 1n })),
  ),
  notOpened(
    "another portal",
    message(({ portal: field }) => ({ portal: another(field) })),
  ),
  notOpened("another chain", () => ({ chainId: 31338n })),
  notOpened("another version", () => ({ rollupVersion: 2n })),
  notOpened("another message", ({ call }) => ({ call: { ...call, message: another(call.message) } })),

  notAccount(TRANSFER, "another's secrets", () => ({ sender: friend })),
  notAccount(TRANSFER, "another's viewing key", () => ({ sender: { ...owner, viewingKey: friend.viewingKey } })),
  notAccount(WITHDRAW, "nobody's secrets", () => ({ sender: nobody })),
  notAccount(SHIELD, "another sender", () => ({ publicSender: addressOf(friend) })),
  notPayer(TRANSFER, "another's secrets", () => ({ payer: friend })),
  notPayer(TRANSFER, "another payer", () => ({ feePayer: addressOf(friend) })),
  notPayer(UNSHIELD, "another's viewing key", () => ({ payer: { ...friend, viewingKey: owner.viewingKey } })),
  notPayer(DEPOSIT, "nobody's secrets", () => ({ payer: nobody })),

  notMember(
    "another value",
    input(0, ({ value }) => ({ value: value + 1n })),
  ),
  notMember(
    "another randomness",
    input(0, ({ randomness }) => ({ randomness: another(randomness) })),
  ),
  notMember(
    "another first nullifier",
    input(0, ({ firstNullifier }) => ({ firstNullifier: another(firstNullifier) })),
  ),
  notMember(
    "another output index",
    input(0, ({ outputIndex }) => ({ outputIndex: 1 - outputIndex })),
  ),
  notMember(
    "another leaf index",
    input(0, ({ leafIndex }) => ({ leafIndex: leafIndex - 1n })),
  ),
  notMember(
    "another sibling at the bottom",
    input(1, ({ path }) => ({ path: path.with(0, Field(9)) })),
  ),
  notMember(
    "another sibling at the top",
    input(1, ({ path }) => ({ path: path.with(31, Field(9)) })),
  ),
  notMember("another's secret", () => ({ nsk: friend.nsk })),
  notMember("another anchor", ({ anchorNoteHashRoot }) => ({ anchorNoteHashRoot: another(anchorNoteHashRoot) })),

  [
    NONE,
    "an output with a value but not present",
    "an absent output has a value",
    ({ outputs }) => ({ outputs: [outputs[0], { ...outputs[1], present: false }] }),
  ],
  [
    NONE,
    "a first output with a value but not present",
    "an absent output has a value",
    ({ outputs }) => ({ outputs: [{ ...outputs[0], present: false }, outputs[1]] }),
  ],
  unbalanced(NONE, "more out than in", ({ outputs }) => ({ outputs: [output(outputs[0].value + 1n), outputs[1]] })),
  unbalanced(NONE, "an input that is a dummy", ({ inputs }) => ({ inputs: [inputs[0], dummyInput(1)] })),
  unbalanced(NONE, "a higher gas limit", ({ gas: settings }) => ({
    gas: { ...settings, l2GasLimit: settings.l2GasLimit + 1 },
  })),
  unbalanced(NONE, "a fee payer", () => ({ feePayer: addressOf(friend), payer: friend })),
  unbalanced(SHIELD, "a higher amount", amount(1n)),
  unbalanced(UNSHIELD, "a lower amount", amount(-1n)),
  unbalanced(UNSHIELD, "a fee from notes", () => ({ feePayer: ZERO_FIELD, payer: nobody })),
  unbalanced(TRANSFER, "a note of its amount", () => ({ outputs: [output(50n), absent] })),
  unbalanced(DEPOSIT, "a note of its amount", () => ({ outputs: [output(deposited.amount), absent] })),
  unbalanced(WITHDRAW, "a note spent", ({ inputs }) => ({ inputs: [realInputs[0], inputs[1]] })),
];
