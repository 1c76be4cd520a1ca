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
  what: string,
  child: ChildProof,
  allowed: readonly CircuitName[],
  put: (child: ChildProof) => CircuitInputs[Name],
): Break[] {
  const row = (key: string, constraint: string, witness: KeyWitness) =>
    breakOf(circuit, `${what} with ${key}`, constraint, put({ ...child, key: witness }));
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
  ...position("tx-base", "transfer", transfer.transfer, ["transfer"], child => ({ ...transfer, transfer: child })),
  breakOf("tx-base", "another key tree", "key is not in the key tree", {
    ...transfer,
    constants: { ...transfer.constants, keyTreeRoot: otherKeys.root() },
  }),
  ...position("block-root-single", "transfer", one.base.transfer, ["transfer"], child => ({
    blocks: [{ ...one, base: { ...one.base, transfer: child } }],
  })),
  breakOf("block-root-single", "another key tree", "key is not in the key tree", {
    blocks: [{ ...one, root: { ...one.root, keyTreeRoot: otherKeys.root() } }],
  }),
  ...position("block-root-pair", "left transfer", one.base.transfer, ["transfer"], child => ({
    blocks: [{ ...one, base: { ...one.base, transfer: child } }, two],
  })),
  ...position("block-root-pair", "right transfer", two.base.transfer, ["transfer"], child => ({
    blocks: [one, { ...two, base: { ...two.base, transfer: child } }],
  })),
  ...position("tx-merge", "left span", left, ofSpans, child => ({ left: child, right })),
  ...position("tx-merge", "right span", right, ofSpans, child => ({ left, right: child })),
  ...position("block-root-one", "span", withOne.children[0]!, ofSpans, child => ({ ...withOne, children: [child] })),
  ...position("block-root-two", "left span", left, ofSpans, child => ({ ...withTwo, children: [child, right] })),
  ...position("block-root-two", "right span", right, ofSpans, child => ({ ...withTwo, children: [left, child] })),
  ...position("block-merge", "left range", before, ofRanges, child => ({ left: child, right: after })),
  ...position("block-merge", "right range", after, ofRanges, child => ({ left: before, right: child })),
  ...position("root-one", "range", before, ofRanges, child => ({ children: [child], prover })),
  ...position("root-two", "left range", before, ofRanges, child => ({ children: [child, after], prover })),
  ...position("root-two", "right range", after, ofRanges, child => ({ children: [before, child], prover })),
];
