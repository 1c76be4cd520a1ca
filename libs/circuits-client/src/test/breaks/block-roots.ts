import { EthAddress, Field, Slot, ZERO_FIELD } from "@sprtn/primitives";
import { archiveLeaf, type BlockHeader, hashState } from "@sprtn/protocol";
import type {
  ArchiveOpening,
  BlockConstants,
  BlockRootInputs,
  ChildProof,
  CircuitInputs,
  RollupCircuit,
  SingleBlock,
} from "@sprtn/state-transition/circuits";
import { another, type Break, breakOf, otherPath } from "./break.js";
import { emptyNotes, hasher, otherKeys, roots, singles } from "./satisfying.js";

type Inputs = Omit<BlockRootInputs, "children">;
type Change = (root: Inputs) => Partial<Inputs>;
type Row = readonly [what: string, constraint: string, change: Change];

const header =
  (change: (header: BlockHeader) => Partial<BlockHeader>): Change =>
  root => ({ header: { ...root.header, ...change(root.header) } });
const previous =
  (change: (opening: ArchiveOpening) => Partial<ArchiveOpening>): Change =>
  root => ({ previous: { ...root.previous, ...change(root.previous) } });
const otherRoot = (tree: "messages" | "noteHashes" | "nullifiers" | "publicData"): Change =>
  previous(({ state }) => ({ state: { ...state, [tree]: { ...state[tree], root: another(state[tree].root) } } }));

/** Another block before this one, in an archive that holds it. */
export const built =
  (change: (opening: ArchiveOpening) => Partial<ArchiveOpening>): Change =>
  root => {
    const opening = { ...root.previous, ...change(root.previous) };
    const leaf = archiveLeaf(hasher, { ...opening, stateHash: hashState(hasher, opening.state) });
    const lastArchive = opening.path.reduce(
      (node, sibling, level) => hasher.hash((opening.number >> level) % 2 === 1 ? [sibling, node] : [node, sibling]),
      leaf,
    );
    return { previous: opening, header: { ...root.header, lastArchive } };
  };
const builtMessages = (
  change: (tree: { root: Field; nextIndex: number }) => Partial<{ root: Field; nextIndex: number }>,
): Change =>
  built(({ state }) => ({ state: { ...state, messages: { ...state.messages, ...change(state.messages) } } }));

/** Of every block root. */
const ofAll: readonly Row[] = [
  [
    "another archive before",
    "previous block is not in the archive",
    header(({ lastArchive }) => ({ lastArchive: another(lastArchive) })),
  ],
  [
    "a previous block with another header",
    "previous block is not in the archive",
    previous(({ headerHash }) => ({ headerHash: another(headerHash) })),
  ],
  [
    "a previous block of another number",
    "previous block is not in the archive",
    previous(({ number }) => ({ number: number - 1 })),
  ],
  [
    "a previous block of another slot",
    "previous block is not in the archive",
    previous(({ slot }) => ({ slot: slot - 1 })),
  ],
  [
    "a previous block with another sibling",
    "previous block is not in the archive",
    previous(({ path }) => ({ path: otherPath(path, 29) })),
  ],
  ["another message tree before", "previous block is not in the archive", otherRoot("messages")],
  ["another note tree before", "previous block is not in the archive", otherRoot("noteHashes")],
  ["another nullifier tree before", "previous block is not in the archive", otherRoot("nullifiers")],
  ["other balances before", "previous block is not in the archive", otherRoot("publicData")],
  [
    "the number after",
    "block number is not the next",
    header(({ number }) => ({ number: (number + 1) as BlockHeader["number"] })),
  ],
  [
    "the previous block's number",
    "block number is not the next",
    header(({ number }) => ({ number: (number - 1) as BlockHeader["number"] })),
  ],
  [
    "the previous block's slot",
    "slot is not after the previous block's",
    ({ header: own, previous: { slot } }) => ({ header: { ...own, slot: Slot(slot) } }),
  ],
  ["a slot before the previous block's", "slot is not after the previous block's", header(() => ({ slot: Slot(0) }))],
  [
    "a gap at the start of its messages",
    "messages have a gap",
    ({ messages }) => ({ messages: messages.with(0, ZERO_FIELD) }),
  ],
  ["a gap after its messages", "messages have a gap", ({ messages }) => ({ messages: messages.with(15, Field(1)) })],
  [
    "another message",
    "inHash is not that of the messages",
    ({ messages }) => ({ messages: messages.with(0, Field(1)) }),
  ],
  [
    "messages in another order",
    "inHash is not that of the messages",
    ({ messages: [one, two, ...rest] }) => ({ messages: [two!, one!, ...rest] }),
  ],
  [
    "no messages",
    "inHash is not that of the messages",
    ({ messages }) => ({ messages: messages.map(() => ZERO_FIELD) }),
  ],
  ["another inHash", "inHash is not that of the messages", header(() => ({ inHash: ZERO_FIELD }))],
  [
    "messages at a place that no block begins at",
    "message subtree is not aligned",
    builtMessages(({ nextIndex }) => ({ nextIndex: nextIndex + 8 })),
  ],
  [
    "messages at a place that is taken",
    "message subtree's place is not empty",
    builtMessages(() => ({ nextIndex: 0 })),
  ],
  [
    "another message tree, in the archive",
    "message subtree's place is not empty",
    builtMessages(({ root }) => ({ root: another(root) })),
  ],
  [
    "another sibling of its messages",
    "message subtree's place is not empty",
    ({ messagePath }) => ({ messagePath: otherPath(messagePath, 27) }),
  ],
  ["another daHash", "daHash is not that of the effects", header(({ daHash }) => ({ daHash: another(daHash) }))],
  ["another outHash", "outHash is not that of the effects", header(({ outHash }) => ({ outHash: another(outHash) }))],
  [
    "other base fees burnt",
    "totalBaseFees is not the sum",
    header(({ totalBaseFees }) => ({ totalBaseFees: totalBaseFees + 1n })),
  ],
  [
    "another total of L2 gas",
    "total gas is not the sum",
    header(({ totalL2Gas }) => ({ totalL2Gas: totalL2Gas + 1n })),
  ],
  [
    "another total of DA gas",
    "total gas is not the sum",
    header(({ totalDaGas }) => ({ totalDaGas: totalDaGas + 1n })),
  ],
  [
    "another count of transactions",
    "txCount is not the number of transactions",
    header(({ txCount }) => ({ txCount: txCount + 1 })),
  ],
  [
    "another stateHash",
    "stateHash is not that of the state after the block",
    header(({ stateHash }) => ({ stateHash: another(stateHash) })),
  ],
  [
    "another sibling of its archive leaf",
    "archive leaf's place is not empty",
    ({ archivePath }) => ({ archivePath: otherPath(archivePath) }),
  ],
];

const otherBlock = "transactions are of another block";
/** Of block roots with transactions. */
const ofFilled: readonly Row[] = [
  ["another chain", otherBlock, () => ({ chainId: 1n })],
  ["another version", otherBlock, () => ({ rollupVersion: 2n })],
  ["another portal", otherBlock, () => ({ feePortal: EthAddress(`0x${"ab".repeat(20)}`) })],
  ["a slot later than its transactions'", otherBlock, header(({ slot }) => ({ slot: Slot(slot + 1) }))],
  ["another fee recipient", otherBlock, header(() => ({ feeRecipient: Field(1) }))],
  [
    "another L2 base fee",
    otherBlock,
    header(({ baseFees }) => ({ baseFees: { ...baseFees, perL2Gas: baseFees.perL2Gas + 1n } })),
  ],
  [
    "another DA base fee",
    otherBlock,
    header(({ baseFees }) => ({ baseFees: { ...baseFees, perDaGas: baseFees.perDaGas + 1n } })),
  ],
  [
    "a block before it that has another header",
    otherBlock,
    built(({ headerHash }) => ({ headerHash: another(headerHash) })),
  ],
];

const startOf = "transactions do not start at the previous block's state";
/** Public inputs of the child of a block root with one, and what holds each. */
const ofSpan: readonly (readonly [index: number, what: string, constraint: string])[] = [
  [0, "transactions of another block", otherBlock],
  [2, "another note tree at the start", startOf],
  [3, "another next note at the start", startOf],
  [4, "another nullifier tree at the start", startOf],
  [5, "another next nullifier at the start", startOf],
  [6, "other balances at the start", startOf],
  [7, "another next balance at the start", startOf],
  [8, "another note tree at the end", "stateHash is not that of the state after the block"],
  [9, "another next note at the end", "stateHash is not that of the state after the block"],
  [10, "another nullifier tree at the end", "stateHash is not that of the state after the block"],
  [11, "another next nullifier at the end", "stateHash is not that of the state after the block"],
  [12, "other balances at the end", "stateHash is not that of the state after the block"],
  [13, "another next balance at the end", "stateHash is not that of the state after the block"],
  [14, "other effects", "daHash is not that of the effects"],
  [15, "other messages to L1", "outHash is not that of the effects"],
  [16, "other base fees", "totalBaseFees is not the sum"],
  [18, "other L2 gas", "total gas is not the sum"],
  [19, "other DA gas", "total gas is not the sum"],
  [20, "another count", "txCount is not the number of transactions"],
];

const one = roots["block-root-one"];
const two = roots["block-root-two"];
const [child] = one.children as [ChildProof];
const [left, right] = two.children as [ChildProof, ChildProof];
const withChild = (index: number, value: Field, key = child.key) => ({
  ...one,
  children: [{ ...child, key, publicInputs: child.publicInputs.with(index, value) }],
});

const [single, next] = singles;
const constants = (change: Partial<BlockConstants>): SingleBlock => ({
  ...single,
  base: { ...single.base, constants: { ...single.base.constants, ...change } },
});
/** What a block of one transaction says twice. */
const ofSingle: readonly (readonly [what: string, constraint: string, block: SingleBlock])[] = [
  ["a transaction of another number's block", otherBlock, constants({ number: 1 })],
  ["a transaction of another slot's block", otherBlock, constants({ slot: 1 })],
  ["a transaction with another message tree", otherBlock, constants({ messageRoot: Field(1) })],
  ["a transaction with another portal", otherBlock, constants({ feePortal: EthAddress(`0x${"ab".repeat(20)}`) })],
  ["a transaction with another fee recipient, who gets nothing", otherBlock, constants({ feeRecipient: Field(1) })],
  ["a transaction with another key tree", otherBlock, constants({ keyTreeRoot: otherKeys.root() })],
  [
    "a transaction that starts with no notes",
    startOf,
    {
      ...single,
      base: { ...single.base, start: { ...single.base.start, noteHashes: emptyNotes.tree }, notePath: emptyNotes.path },
    },
  ],
  [
    "more messages than it takes",
    "more messages than this circuit takes",
    { ...single, root: { ...single.root, messages: single.root.messages.with(2, Field(1)) } },
  ],
  [
    "messages of a greater block",
    "more messages than this circuit takes",
    { ...single, root: { ...single.root, messages: two.messages } },
  ],
];

function withRows<Name extends RollupCircuit>(
  circuit: Name,
  { rows, root }: { readonly rows: readonly Row[]; readonly root: Inputs },
  make: (changed: Inputs) => CircuitInputs[Name],
): Break[] {
  return rows.map(([what, constraint, change]) =>
    breakOf(circuit, [what, constraint], make({ ...root, ...change(root) })),
  );
}

export const blockRootBreaks: readonly Break[] = [
  ...withRows("block-root-empty", { rows: ofAll, root: roots["block-root-empty"] }, root => ({
    ...root,
    children: [],
  })),
  ...withRows("block-root-one", { rows: [...ofAll, ...ofFilled], root: one }, root => ({
    ...root,
    children: one.children,
  })),
  ...withRows("block-root-two", { rows: [...ofAll, ...ofFilled], root: two }, root => ({
    ...root,
    children: two.children,
  })),
  ...withRows("block-root-single", { rows: [...ofAll, ...ofFilled], root: single.root }, root => ({
    blocks: [{ ...single, root }],
  })),
  ...withRows("block-root-pair", { rows: ofFilled, root: next.root }, root => ({
    blocks: [single, { ...next, root }],
  })),
  ...ofSpan.map(([index, what, constraint]) =>
    breakOf("block-root-one", [what, constraint], withChild(index, another(child.publicInputs[index]!))),
  ),
  breakOf(
    "block-root-one",
    ["transactions of another key tree", "transactions have another key tree"],
    withChild(1, otherKeys.root(), otherKeys.witness("tx-base")),
  ),
  breakOf("block-root-two", ["children in the other order", "the right span does not start where the left one ends"], {
    ...two,
    children: [right, left],
  }),
  breakOf("block-root-two", ["children of two blocks", "spans are of different blocks"], {
    ...two,
    children: [left, { ...right, publicInputs: child.publicInputs }],
  }),
  ...ofSingle.map(([what, constraint, block]) => breakOf("block-root-single", [what, constraint], { blocks: [block] })),
  ...ofSingle.map(([what, constraint, block]) =>
    breakOf("block-root-pair", [`left block: ${what}`, constraint], { blocks: [block, next] }),
  ),
];
