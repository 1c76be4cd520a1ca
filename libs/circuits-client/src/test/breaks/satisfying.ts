import { EthAddress, Field, ZERO_FIELD } from "@sprtn/primitives";
import { balanceSlot, CallKind, constants, encodeTransferWitness } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import {
  type ChildProof,
  encodeCircuitInputs,
  KeyTree,
  type SingleBlock,
  type TxBaseInputs,
} from "@sprtn/state-transition/circuits";
import { witnesses } from "@sprtn/state-transition/transfer-fixture";
import { SimdFieldHasher } from "@sprtn/field-hasher/simd";
import { NoirTwin } from "../noir-twin.js";
import { witnessesOf } from "../random-chain.js";

export const hasher = new SimdFieldHasher();
export const keys = KeyTree.simulated(hasher);
/** A tree of which only the transfer's key is another: another deployment's, or an older one. */
export const otherKeys = new KeyTree(hasher, { ...keys.keyHashes, transfer: Field(1) });
export const twin = new NoirTwin(hasher, keys);
export const prover = EthAddress(`0x${"aa".repeat(20)}`);

const bySlot = [Field(101), Field(102)].sort((a, b) => (balanceSlot(hasher, a) < balanceSlot(hasher, b) ? -1 : 1));
/** Two funded accounts; the slot of the first is below that of the second. */
export const [low, high] = [bySlot[0]!, bySlot[1]!];
/** Somebody without a leaf whose slot is between those of the two accounts. */
const between = firstAddress(slot => slot > balanceSlot(hasher, low) && slot < balanceSlot(hasher, high));
/** Somebody without a leaf whose slot is the greatest of all. */
const stranger = firstAddress(slot => slot > balanceSlot(hasher, high));
const funds = 10n ** 12n;

function firstAddress(fits: (slot: Field) => boolean): Field {
  let address = 1000n;
  while (!fits(balanceSlot(hasher, Field(address)))) address++;
  return Field(address);
}

/** Funding; a block with every kind of call; three with one transaction or two; an empty one. */
function everyKind(): ChainFixture {
  const fixture = new ChainFixture(hasher);
  fixture.mine(
    [low, high].map(account => fixture.deposit(fixture.message(account, funds), { recipient: account, amount: funds })),
  );
  const tip = { priority: 1n };
  fixture.mine([
    fixture.tx({ kind: CallKind.TRANSFER, target: between, amount: 50n }, { sender: high, payer: high, ...tip }),
    fixture.tx({ kind: CallKind.SHIELD, amount: 20n }, { sender: high, payer: low, notes: 2, ...tip }),
    fixture.tx({ kind: CallKind.UNSHIELD, target: high, amount: 30n }, { payer: low, notes: 1, ...tip }),
    fixture.tx({ kind: CallKind.NONE }, { notes: 1, ...tip }),
    fixture.tx({ kind: CallKind.WITHDRAW, target: Field(0xbeef), amount: 5n }, { sender: low, payer: high }),
    fixture.tx({ kind: CallKind.TRANSFER, target: high, amount: funds ** 2n }, { sender: low, payer: low, ...tip }),
    fixture.tx({ kind: CallKind.SHIELD, amount: 1n }, { sender: stranger, payer: low, notes: 2 }),
    fixture.deposit(fixture.message(low, 777n), { recipient: low, amount: 777n, payer: high }),
  ]);
  const messages = (count: number) => Array.from({ length: count }, () => fixture.message(high, 1n));
  messages(constants.MESSAGES_OF_SINGLE_BLOCK);
  fixture.mine([
    fixture.tx({ kind: CallKind.WITHDRAW, target: Field(0xbeef), amount: 7n }, { sender: low, payer: low }),
  ]);
  fixture.mine([
    fixture.tx({ kind: CallKind.TRANSFER, target: low, amount: 7n }, { sender: high, payer: low, ...tip }),
  ]);
  messages(3);
  fixture.mine(
    [low, high].map(sender =>
      fixture.tx({ kind: CallKind.WITHDRAW, target: Field(0xbeef), amount: 8n }, { sender, payer: low }),
    ),
  );
  messages(2);
  fixture.mine([]);
  return fixture;
}

const withProof = (base: TxBaseInputs): TxBaseInputs => ({
  ...base,
  transfer: twin.child("transfer", base.transfer.publicInputs),
});
const blocks = witnessesOf(everyKind(), keys).map(({ witness, startAccumulator }) => ({
  bases: witness.bases.map(withProof),
  root: { ...witness.root, startAccumulator },
}));
const [, kinds, first, second, two, empty] = blocks as [Block, Block, Block, Block, Block, Block];
type Block = (typeof blocks)[number];

const names = ["transfer", "shield", "unshield", "none", "withdraw", "reverted", "revertedShield", "deposit"] as const;

/**
 * Inputs of tx base that satisfy it. `reverted`: the sender cannot pay; `revertedShield`: the sender has no balance at
 * all.
 */
export const bases = Object.fromEntries(names.map((name, i) => [name, kinds.bases[i]])) as Readonly<
  Record<(typeof names)[number], TxBaseInputs>
>;

const singleOf = ({ bases: [base], root }: Block): SingleBlock => ({ base: base!, root });
const spansOf = (block: Block): ChildProof[] => block.bases.map(base => twin.assume("tx-base", base));

/** Two blocks of one transaction, one after the other. */
export const singles: readonly [SingleBlock, SingleBlock] = [singleOf(first), singleOf(second)];
/** Blocks with 0, 1, 2 children, as their block roots take them. */
export const roots = {
  "block-root-empty": { ...empty.root, children: [] },
  "block-root-one": { ...first.root, children: spansOf(first) },
  "block-root-two": { ...two.root, children: spansOf(two) },
} as const;
/** Two spans of one block. */
export const spans: readonly [ChildProof, ChildProof] = spansOf(two) as [ChildProof, ChildProof];
/** Two ranges, one after the other. */
export const ranges: readonly [ChildProof, ChildProof] = singles.map(block =>
  twin.assume("block-root-single", { blocks: [block] }),
) as [ChildProof, ChildProof];

/** A note hash tree without notes, and the path to its first pair. */
export const emptyNotes = (() => {
  const zeros: Field[] = [ZERO_FIELD];
  while (zeros.length <= constants.NOTE_HASH_TREE_DEPTH) zeros.push(hasher.hash([zeros.at(-1)!, zeros.at(-1)!]));
  return { tree: { root: zeros.at(-1)!, nextIndex: 0 }, path: zeros.slice(1, -1) };
})();

/** Inputs that satisfy each circuit, encoded. */
export const satisfying = {
  transfer: encodeTransferWitness(witnesses[CallKind.TRANSFER]),
  "tx-base": encodeCircuitInputs(bases.transfer),
  "tx-merge": encodeCircuitInputs({ left: spans[0], right: spans[1] }),
  "block-root-empty": encodeCircuitInputs(roots["block-root-empty"]),
  "block-root-one": encodeCircuitInputs(roots["block-root-one"]),
  "block-root-two": encodeCircuitInputs(roots["block-root-two"]),
  "block-merge": encodeCircuitInputs({ left: ranges[0], right: ranges[1] }),
  "root-one": encodeCircuitInputs({ children: [ranges[0]], prover }),
  "root-two": encodeCircuitInputs({ children: ranges, prover }),
  "block-root-single": encodeCircuitInputs({ blocks: [singles[0]] }),
  "block-root-pair": encodeCircuitInputs({ blocks: singles }),
} as const;
