import { Field } from "@sprtn/primitives";
import { type CircuitName, constants } from "@sprtn/protocol";
import type { ChildProof, CircuitInputs, KeyWitness, RollupCircuit } from "@sprtn/state-transition/circuits";
import { type Break, breakOf, otherPath } from "./break.js";
import { bases, keys, otherKeys, prover, ranges, roots, singles, spans } from "./satisfying.js";

const circuits = Object.keys(keys.keyHashes) as CircuitName[];
const ofSpans: readonly CircuitName[] = ["tx-base", "tx-merge"];
const ofRanges: readonly CircuitName[] = [
  "block-root-empty",
  "block-root-one",
  "block-root-two",
  "block-root-single",
  "block-root-pair",
  "block-merge",
];

/** A child's position: the circuits whose keys it takes, and the inputs with another key there. */
function position<Name extends RollupCircuit>(
  circuit: Name,
  { what, child, allowed }: { what: string; child: ChildProof; allowed: readonly CircuitName[] },
  put: (child: ChildProof) => CircuitInputs[Name],
): Break[] {
  const row = (key: string, constraint: string, witness: KeyWitness) =>
    breakOf(circuit, [`${what} with ${key}`, constraint], put({ ...child, key: witness }));
  const { key } = child;
  const own = circuits[key.index]!;
  const absent = "key is not in the key tree";
  return [
    ...circuits
      .filter(name => !allowed.includes(name))
      .map(name => row(`the key of ${name}`, "key index is not allowed in this position", keys.witness(name))),
    row("a key at an index that no circuit has", "key index is not allowed in this position", {
      ...key,
      index: circuits.length,
    }),
    row("a key at an index beyond the tree", "key index is not allowed in this position", {
      ...key,
      index: key.index + 2 ** constants.KEY_TREE_DEPTH,
    }),
    row("another key", absent, { ...key, keyHash: Field(1) }),
    row("another sibling of its key", absent, { ...key, path: otherPath(key.path, 3) }),
    row("a key of another key tree", absent, otherKeys.witness(own)),
    ...allowed
      .filter(name => name !== own)
      .map(name => row(`its key where ${name}'s is`, absent, { ...key, index: circuits.indexOf(name) })),
  ];
}

const [left, right] = spans;
const [before, after] = ranges;
const [one, two] = singles;
const { "block-root-one": withOne, "block-root-two": withTwo } = roots;
const { transfer } = bases;

export const keyBreaks: readonly Break[] = [
  ...position("tx-base", { what: "transfer", child: transfer.transfer, allowed: ["transfer"] }, child => ({
    ...transfer,
    transfer: child,
  })),
  breakOf("tx-base", ["another key tree", "key is not in the key tree"], {
    ...transfer,
    constants: { ...transfer.constants, keyTreeRoot: otherKeys.root() },
  }),
  ...position("block-root-single", { what: "transfer", child: one.base.transfer, allowed: ["transfer"] }, child => ({
    blocks: [{ ...one, base: { ...one.base, transfer: child } }],
  })),
  breakOf("block-root-single", ["another key tree", "key is not in the key tree"], {
    blocks: [{ ...one, root: { ...one.root, keyTreeRoot: otherKeys.root() } }],
  }),
  ...position("block-root-pair", { what: "left transfer", child: one.base.transfer, allowed: ["transfer"] }, child => ({
    blocks: [{ ...one, base: { ...one.base, transfer: child } }, two],
  })),
  ...position(
    "block-root-pair",
    { what: "right transfer", child: two.base.transfer, allowed: ["transfer"] },
    child => ({ blocks: [one, { ...two, base: { ...two.base, transfer: child } }] }),
  ),
  ...position("tx-merge", { what: "left span", child: left, allowed: ofSpans }, child => ({ left: child, right })),
  ...position("tx-merge", { what: "right span", child: right, allowed: ofSpans }, child => ({ left, right: child })),
  ...position("block-root-one", { what: "span", child: withOne.children[0]!, allowed: ofSpans }, child => ({
    ...withOne,
    children: [child],
  })),
  ...position("block-root-two", { what: "left span", child: left, allowed: ofSpans }, child => ({
    ...withTwo,
    children: [child, right],
  })),
  ...position("block-root-two", { what: "right span", child: right, allowed: ofSpans }, child => ({
    ...withTwo,
    children: [left, child],
  })),
  ...position("block-merge", { what: "left range", child: before, allowed: ofRanges }, child => ({
    left: child,
    right: after,
  })),
  ...position("block-merge", { what: "right range", child: after, allowed: ofRanges }, child => ({
    left: before,
    right: child,
  })),
  ...position("root-one", { what: "range", child: before, allowed: ofRanges }, child => ({
    children: [child],
    prover,
  })),
  ...position("root-two", { what: "left range", child: before, allowed: ofRanges }, child => ({
    children: [child, after],
    prover,
  })),
  ...position("root-two", { what: "right range", child: after, allowed: ofRanges }, child => ({
    children: [before, child],
    prover,
  })),
];
