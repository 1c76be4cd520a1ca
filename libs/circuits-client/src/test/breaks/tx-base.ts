import { Field, Slot, ZERO_FIELD } from "@sprtn/primitives";
import {
  type GasSettings,
  type PublicCall,
  publicInputsFromFields,
  publicInputsToFields,
  type TxPublicInputs,
} from "@sprtn/protocol";
import type { ArchiveOpening, BlockConstants, IndexedStep, TxBaseInputs } from "@sprtn/state-transition/circuits";
import { another, type Break, breakOf, otherPath } from "./break.js";
import { bases, high, low } from "./satisfying.js";

type Base = keyof typeof bases;
type Change = (base: TxBaseInputs) => Partial<TxBaseInputs>;
type Row = readonly [base: Base, what: string, change: Change];

const U128_MAX = 2n ** 128n - 1n;
const U64_MAX = 2n ** 64n - 1n;

const tx =
  (change: (inputs: TxPublicInputs) => Partial<TxPublicInputs>): Change =>
  ({ transfer }) => {
    const inputs = publicInputsFromFields(transfer.publicInputs);
    return { transfer: { ...transfer, publicInputs: publicInputsToFields({ ...inputs, ...change(inputs) }) } };
  };
const call = (change: Partial<PublicCall>): Change => tx(inputs => ({ call: { ...inputs.call, ...change } }));
const gas = (change: Partial<GasSettings>): Change => tx(inputs => ({ gas: { ...inputs.gas, ...change } }));
const nullifier =
  (index: 0 | 1, of: (step: IndexedStep) => Field): Change =>
  base =>
    tx(({ nullifiers }) => ({
      nullifiers: nullifiers.with(index, of(base.nullifierSteps[index])) as unknown as TxPublicInputs["nullifiers"],
    }))(base);
const block =
  (change: (constants: BlockConstants) => Partial<BlockConstants>): Change =>
  ({ constants }) => ({ constants: { ...constants, ...change(constants) } });
const anchor =
  (change: (anchor: ArchiveOpening) => Partial<ArchiveOpening>): Change =>
  base => ({ anchor: { ...base.anchor, ...change(base.anchor) } });
const start =
  (change: (start: TxBaseInputs["start"]) => Partial<TxBaseInputs["start"]>): Change =>
  base => ({ start: { ...base.start, ...change(base.start) } });
const step =
  (index: 0 | 1, change: (step: IndexedStep) => Partial<IndexedStep>): Change =>
  ({ nullifierSteps }) => ({
    nullifierSteps: nullifierSteps.with(index, {
      ...nullifierSteps[index],
      ...change(nullifierSteps[index]),
    }) as unknown as TxBaseInputs["nullifierSteps"],
  });
/** By its place among the present writes. */
const write =
  (index: number, change: (step: IndexedStep) => Partial<IndexedStep>): Change =>
  ({ writeSteps }) => ({
    writeSteps: writeSteps.with(index, { ...writeSteps[index]!, ...change(writeSteps[index]!) }),
  });
const reading =
  (change: (reading: NonNullable<TxBaseInputs["revert"]>) => Partial<NonNullable<TxBaseInputs["revert"]>>): Change =>
  ({ revert }) => ({ revert: { ...revert!, ...change(revert!) } });
const message =
  (change: (message: NonNullable<TxBaseInputs["message"]>) => Partial<NonNullable<TxBaseInputs["message"]>>): Change =>
  base => ({ message: { ...base.message!, ...change(base.message!) } });

/** Everything in a step that shows its low leaf, of a write or of an insertion. */
const lowLeaf = (
  base: Base,
  what: string,
  of: (change: (step: IndexedStep) => Partial<IndexedStep>) => Change,
): Row[] => [
  [
    base,
    `${what} whose low leaf has another key`,
    of(({ low: leaf }) => ({ low: { ...leaf, key: another(leaf.key) } })),
  ],
  [
    base,
    `${what} whose low leaf has another next index`,
    of(({ low: leaf }) => ({ low: { ...leaf, nextIndex: leaf.nextIndex + 1 } })),
  ],
  [
    base,
    `${what} whose low leaf has another next key`,
    of(({ low: leaf }) => ({ low: { ...leaf, nextKey: another(leaf.nextKey) } })),
  ],
  [base, `${what} whose low leaf is elsewhere`, of(({ lowIndex }) => ({ lowIndex: lowIndex + 1 }))],
  [base, `${what} whose low leaf has another sibling`, of(({ lowPath }) => ({ lowPath: otherPath(lowPath, 31) }))],
];

const rows: Readonly<Record<string, readonly Row[]>> = {
  "transaction is for another chain or version": [
    ["transfer", "another chain", tx(() => ({ chainId: 1n }))],
    ["transfer", "another version", tx(() => ({ rollupVersion: 2n }))],
    ["none", "a block of another chain", block(() => ({ chainId: 1n }))],
    ["none", "a block of another version", block(() => ({ rollupVersion: 2n }))],
  ],
  "transaction is expired": [
    [
      "transfer",
      "an expiration before the block's slot",
      base => tx(() => ({ expirationSlot: Slot(base.constants.slot - 1) }))(base),
    ],
    ["none", "a block after its expiration", block(() => ({ slot: 1_000_001 }))],
  ],
  "anchor block is not in the archive": [
    ["transfer", "an anchor with another header", anchor(({ headerHash }) => ({ headerHash: another(headerHash) }))],
    ["transfer", "an anchor of another number", anchor(({ number }) => ({ number: number + 1 }))],
    ["transfer", "an anchor of another slot", anchor(({ slot }) => ({ slot: slot + 1 }))],
    [
      "transfer",
      "an anchor with another state",
      anchor(({ state }) => ({
        state: { ...state, nullifiers: { ...state.nullifiers, nextIndex: state.nullifiers.nextIndex + 1 } },
      })),
    ],
    [
      "transfer",
      "an anchor whose notes are the transaction's, and whose state is not",
      anchor(({ state }) => ({
        state: { ...state, noteHashes: { ...state.noteHashes, nextIndex: state.noteHashes.nextIndex + 2 } },
      })),
    ],
    ["transfer", "an anchor with another sibling", anchor(({ path }) => ({ path: otherPath(path, 29) }))],
    ["transfer", "a block upon another archive", block(({ lastArchive }) => ({ lastArchive: another(lastArchive) }))],
  ],
  "anchor root is not the anchor block's": [
    [
      "transfer",
      "another anchor root",
      tx(({ anchorNoteHashRoot }) => ({ anchorNoteHashRoot: another(anchorNoteHashRoot) })),
    ],
  ],
  "encrypted notes are not those of the proof": [
    [
      "shield",
      "another ciphertext",
      ({ encryptedNotes: [one, , ...rest] }) => ({ encryptedNotes: [one, Field(9), ...rest] }),
    ],
    ["shield", "another hash of the ciphertexts", tx(() => ({ encryptedNotesHash: Field(1) }))],
  ],
  "message is not in the message tree": [
    ["deposit", "another message", call({ message: Field(1) })],
    ["deposit", "a message of the block after", block(({ messageRoot }) => ({ messageRoot: another(messageRoot) }))],
    ["deposit", "another index of the message", message(({ index }) => ({ index: index + 1n }))],
    ["deposit", "another sibling of the message", message(({ path }) => ({ path: otherPath(path) }))],
    ["deposit", "no witness of the message", () => ({ message: null })],
  ],
  "gas limit is too low": [
    ["transfer", "too little L2 gas", gas({ l2GasLimit: 100 })],
    ["transfer", "too little DA gas", gas({ daGasLimit: 703 })],
    ["withdraw", "just too little DA gas with a teardown", gas({ daGasLimit: 704, daTeardownGasLimit: 1 })],
    ["transfer", "a teardown beyond the L2 limit", gas({ l2TeardownGasLimit: 20_000 })],
    ["transfer", "a teardown beyond the DA limit", gas({ daTeardownGasLimit: 1000 })],
    ["transfer", "the greatest teardown there is", gas({ l2TeardownGasLimit: 2 ** 32 - 1, l2GasLimit: 2 ** 32 - 1 })],
    [
      "withdraw",
      "just too little for the message it sends",
      gas({ l2GasLimit: 5000 + 2 * 1000 + 3 * 1500 + 2000 - 1 }),
    ],
    ["shield", "just too little for its two notes", gas({ l2GasLimit: 5000 + 2 * 1000 + 2 * 1000 + 3 * 1500 - 1 })],
    ["none", "just too little for its note", gas({ l2GasLimit: 5000 + 2 * 1000 + 1000 + 1500 - 1 })],
  ],
  "max fee is below the base fee": [
    [
      "transfer",
      "a maximum below the L2 base fee",
      base => gas({ maxFees: { perL2Gas: base.constants.baseFees.perL2Gas - 1n, perDaGas: 10_000n } })(base),
    ],
    [
      "none",
      "a maximum below the DA base fee",
      base => gas({ maxFees: { perL2Gas: 10_000n, perDaGas: base.constants.baseFees.perDaGas - 1n } })(base),
    ],
    [
      "transfer",
      "a block with a higher base fee",
      block(({ baseFees }) => ({ baseFees: { ...baseFees, perDaGas: 10_001n } })),
    ],
  ],
  "a balance would be negative": [
    ["transfer", "an amount beyond the sender's balance", call({ amount: U128_MAX })],
    ["shield", "an amount beyond the sender's balance", call({ amount: 10n ** 12n })],
    ["withdraw", "an amount beyond the sender's balance", call({ amount: 10n ** 12n })],
    [
      "unshield",
      "a fee beyond the payer's balance",
      gas({
        maxFees: { perL2Gas: U64_MAX, perDaGas: U64_MAX },
        priorityFees: { perL2Gas: U64_MAX, perDaGas: U64_MAX },
      }),
    ],
    [
      "deposit",
      "a fee beyond the payer's balance",
      gas({ maxFees: { perL2Gas: U64_MAX, perDaGas: U64_MAX }, priorityFees: { perL2Gas: U64_MAX, perDaGas: 0n } }),
    ],
    [
      "withdraw",
      "an amount one above the sender's balance",
      base => call({ amount: base.writeSteps[1]!.low.value + 1n })(base),
    ],
    ["none", "a payer who did not mean to pay", tx(() => ({ feePayer: low }))],
    ["reverted", "no revert", () => ({ revert: null })],
    ["transfer", "a fee from an account said to be new", write(0, () => ({ isUpdate: false }))],
    ["transfer", "an amount from an account said to be new", write(1, () => ({ isUpdate: false }))],
  ],
  "a balance would exceed u128": [
    ["unshield", "the greatest amount there is", call({ amount: U128_MAX })],
    ["deposit", "the greatest amount there is", call({ amount: U128_MAX })],
    [
      "unshield",
      "an amount one too high",
      base => call({ amount: U128_MAX - base.writeSteps[1]!.low.value + 1n })(base),
    ],
  ],
  "low leaf is not in the tree": [
    ...([0, 1] as const).flatMap(index => lowLeaf("transfer", `nullifier ${index + 1}`, change => step(index, change))),
    ...["A", "B", "C", "D"].flatMap((position, index) =>
      lowLeaf("transfer", `write ${position}`, change => write(index, change)),
    ),
    ...lowLeaf("reverted", "a revert", change => reading(shown => change({ ...shown, isUpdate: true, newPath: [] }))),
    [
      "transfer",
      "write A with another balance before",
      write(0, ({ low: leaf }) => ({ low: { ...leaf, value: (leaf.value + 1n) as Field } })),
    ],
    [
      "transfer",
      "write C whose low leaf has another balance",
      write(2, ({ low: leaf }) => ({ low: { ...leaf, value: (leaf.value + 1n) as Field } })),
    ],
    [
      "deposit",
      "write B with another balance before",
      write(1, ({ low: leaf }) => ({ low: { ...leaf, value: (leaf.value + 1n) as Field } })),
    ],
    [
      "none",
      "write D with another balance before",
      write(0, ({ low: leaf }) => ({ low: { ...leaf, value: (leaf.value + 1n) as Field } })),
    ],
    [
      "reverted",
      "a revert with another balance",
      reading(({ low: leaf }) => ({ low: { ...leaf, value: ZERO_FIELD } })),
    ],
    ["reverted", "a revert that shows the balance before the fee", ({ writeSteps: [paid] }) => ({ revert: paid! })],
    [
      "transfer",
      "nullifier steps in the other order",
      ({ nullifierSteps: [one, other] }) => ({ nullifierSteps: [other, one] }),
    ],
    [
      "transfer",
      "another balance tree before",
      start(({ publicData }) => ({ publicData: { ...publicData, root: another(publicData.root) } })),
    ],
    [
      "transfer",
      "another nullifier tree before",
      start(({ nullifiers }) => ({ nullifiers: { ...nullifiers, root: another(nullifiers.root) } })),
    ],
  ],
  "an update must be of the slot itself": [
    ["transfer", "another payer", tx(() => ({ feePayer: low }))],
    ["transfer", "another sender", tx(() => ({ publicSender: low }))],
    ["unshield", "another target", call({ target: low })],
    ["deposit", "another target", call({ target: high })],
    ["unshield", "another fee recipient", block(({ feeRecipient }) => ({ feeRecipient: another(feeRecipient) }))],
    ["transfer", "a new account said to have a balance", write(2, () => ({ isUpdate: true }))],
  ],
  "low leaf is not below the key": [
    ["transfer", "a target whose own leaf is the low one", call({ target: low })],
    ["unshield", "a target said to be new", write(1, () => ({ isUpdate: false }))],
    ["transfer", "its low leaf's key as a nullifier", nullifier(0, ({ low: leaf }) => leaf.key)],
    ["transfer", "its low leaf's key as the second nullifier", nullifier(1, ({ low: leaf }) => leaf.key)],
    ["transfer", "the nullifier 0", nullifier(0, () => ZERO_FIELD)],
    ["transfer", "0 as the second nullifier", nullifier(1, () => ZERO_FIELD)],
  ],
  "key is in the tree already": [
    ["transfer", "a target whose own leaf is the next one", call({ target: high })],
    ["transfer", "a nullifier of the tree", nullifier(0, ({ low: leaf }) => leaf.nextKey)],
    ["shield", "a nullifier of the tree as the second", nullifier(1, ({ low: leaf }) => leaf.nextKey)],
    ["transfer", "a nullifier beyond the next one", nullifier(0, ({ low: leaf }) => another(leaf.nextKey))],
  ],
  "the new leaf's place is not empty": [
    ["transfer", "another sibling of the new nullifier", step(0, ({ newPath }) => ({ newPath: otherPath(newPath) }))],
    [
      "transfer",
      "another sibling of the second new nullifier",
      step(1, ({ newPath }) => ({ newPath: otherPath(newPath, 31) })),
    ],
    [
      "transfer",
      "another place for the new nullifier",
      start(({ nullifiers }) => ({ nullifiers: { ...nullifiers, nextIndex: nullifiers.nextIndex + 1 } })),
    ],
    [
      "transfer",
      "a place that is taken for the new nullifier",
      start(({ nullifiers }) => ({ nullifiers: { ...nullifiers, nextIndex: 0 } })),
    ],
    ["transfer", "another sibling of the new account", write(2, ({ newPath }) => ({ newPath: otherPath(newPath) }))],
    [
      "transfer",
      "another place for the new account",
      start(({ publicData }) => ({ publicData: { ...publicData, nextIndex: publicData.nextIndex + 1 } })),
    ],
  ],
  "a call that could run must not revert": [
    ["reverted", "an amount that the sender has", call({ amount: 1n })],
    ["reverted", "just the sender's balance as the amount", base => call({ amount: base.revert!.low.value })(base)],
    [
      "transfer",
      "a revert",
      ({ writeSteps: [paid, debited, , tipped] }) => ({ revert: debited!, writeSteps: [paid!, debited!, tipped!] }),
    ],
    [
      "shield",
      "a revert",
      ({ writeSteps: [paid, debited, tipped] }) => ({ revert: debited!, writeSteps: [paid!, tipped!] }),
    ],
    ["withdraw", "a revert", ({ writeSteps: [paid, debited] }) => ({ revert: debited!, writeSteps: [paid!] })],
    ["revertedShield", "no amount at all", call({ amount: 0n })],
  ],
  "the leaf does not show the slot's value": [
    ["reverted", "another sender", tx(() => ({ publicSender: high }))],
    ["revertedShield", "a sender below the leaf", tx(() => ({ publicSender: low }))],
  ],
  "note hashes is not aligned": [
    [
      "none",
      "notes at an odd place",
      start(({ noteHashes }) => ({ noteHashes: { ...noteHashes, nextIndex: noteHashes.nextIndex + 1 } })),
    ],
  ],
  "note hashes's place is not empty": [
    [
      "none",
      "notes at the place after",
      start(({ noteHashes }) => ({ noteHashes: { ...noteHashes, nextIndex: noteHashes.nextIndex + 2 } })),
    ],
    [
      "none",
      "notes at a place that is taken",
      start(({ noteHashes }) => ({ noteHashes: { ...noteHashes, nextIndex: noteHashes.nextIndex - 2 } })),
    ],
    [
      "none",
      "another note tree before",
      start(({ noteHashes }) => ({ noteHashes: { ...noteHashes, root: another(noteHashes.root) } })),
    ],
    ["none", "another sibling of the notes", ({ notePath }) => ({ notePath: otherPath(notePath) })],
  ],
};

export const txBaseBreaks: readonly Break[] = Object.entries(rows).flatMap(([constraint, table]) =>
  table.map(([name, what, change]) =>
    breakOf("tx-base", [`${name} with ${what}`, constraint], { ...bases[name], ...change(bases[name]) }),
  ),
);
