import { type Field, ZERO_FIELD } from "@sprtn/primitives";
import type { CircuitName } from "@sprtn/protocol";
import type { ChildProof } from "@sprtn/state-transition/circuits";
import { another, type Break, breakOf } from "./break.js";
import { otherKeys, prover, ranges, singles, spans } from "./satisfying.js";

type Row = readonly [what: string, constraint: string, children: readonly [ChildProof, ChildProof]];

/** A child with one other public input. */
const changed = (child: ChildProof, index: number, value: (field: Field) => Field = another): ChildProof => ({
  ...child,
  publicInputs: child.publicInputs.with(index, value(child.publicInputs[index]!)),
});
/** The same child of a deployment with another key tree; its root is the public input at `index`. */
const otherTree = (child: ChildProof, circuit: CircuitName, index: number): ChildProof => ({
  ...child,
  key: otherKeys.witness(circuit),
  publicInputs: child.publicInputs.with(index, otherKeys.root()),
});

const [left, right] = spans;
/** Places of the start state among a span's public inputs, in order. */
const startOf = [
  "note hash root",
  "next note hash",
  "nullifier root",
  "next nullifier",
  "balance root",
  "next balance",
].map((name, i) => [name, 2 + i] as const);

const merges: readonly Row[] = [
  ["spans of two blocks", "spans are of different blocks", [left, changed(right, 0)]],
  ["spans of two key trees", "spans have different key trees", [left, otherTree(right, "tx-base", 1)]],
  ["spans in the other order", "the right span does not start where the left one ends", [right, left]],
  ["the same span twice", "the right span does not start where the left one ends", [left, left]],
  ...startOf.map(([name, index]): Row => [
    `another ${name} between them`,
    "the right span does not start where the left one ends",
    [left, changed(right, index)],
  ]),
];

const [before, after] = ranges;
const rangeRows: readonly Row[] = [
  ["ranges of two key trees", "ranges have different key trees", [before, otherTree(after, "block-root-single", 0)]],
  ["ranges of two deployments", "ranges are of different deployments", [before, changed(after, 1)]],
  ["ranges in the other order", "the right range does not start at the left one's archive", [after, before]],
  [
    "another archive between them",
    "the right range does not start at the left one's archive",
    [before, changed(after, 2)],
  ],
  [
    "another accumulator between them",
    "the right range does not start at the left one's accumulator",
    [before, changed(after, 4)],
  ],
];

/** The right block as another deployment's key tree has it. */
const [one, two] = singles;
const elsewhere = {
  base: {
    ...two.base,
    transfer: { ...two.base.transfer, key: otherKeys.witness("transfer") },
    constants: { ...two.base.constants, keyTreeRoot: otherKeys.root() },
  },
  root: { ...two.root, keyTreeRoot: otherKeys.root() },
};

export const spanBreaks: readonly Break[] = merges.map(([what, constraint, [first, second]]) =>
  breakOf("tx-merge", [what, constraint], { left: first, right: second }),
);

export const rangeBreaks: readonly Break[] = [
  ...rangeRows.map(([what, constraint, [first, second]]) =>
    breakOf("block-merge", [what, constraint], { left: first, right: second }),
  ),
  ...rangeRows.map(([what, constraint, children]) => breakOf("root-two", [what, constraint], { children, prover })),
  breakOf("block-root-pair", ["blocks of two key trees", "ranges have different key trees"], {
    blocks: [one, elsewhere],
  }),
  breakOf(
    "block-root-pair",
    ["blocks in the other order", "the right range does not start at the left one's archive"],
    { blocks: [two, one] },
  ),
  breakOf(
    "block-root-pair",
    ["another accumulator between them", "the right range does not start at the left one's accumulator"],
    { blocks: [one, { ...two, root: { ...two.root, startAccumulator: ZERO_FIELD } }] },
  ),
];
