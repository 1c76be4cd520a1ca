import { type Field, type FieldHasher, fieldFromBytes, fieldToBytes } from "@sprtn/primitives";
import { packFields, rootFromPath } from "@sprtn/merkle-trees";
import { archiveLeaf, constants, DomainSeparator, hashState, type TreeSnapshot } from "@sprtn/protocol";
import { constrain } from "./circuit-error.js";
import type { ArchiveOpening, IndexedStep } from "./circuit-inputs.js";

/** Which indexed tree a step is in: it decides the leaf's hash. */
type IndexedKind = "nullifier" | "public-data";

// oxlint-disable-next-line max-params -- a hashing loop's own form, as in the circuits
export function climb(hasher: FieldHasher, node: Field, index: number, path: readonly Field[]): Field {
  return fieldFromBytes(rootFromPath(hasher, fieldToBytes(node), index, packFields(path)));
}

function hashIndexedLeaf(hasher: FieldHasher, kind: IndexedKind, leaf: IndexedStep["low"]): Field {
  return kind === "nullifier"
    ? hasher.hash([DomainSeparator.NULLIFIER_LEAF, leaf.key, BigInt(leaf.nextIndex), leaf.nextKey])
    : hasher.hash([DomainSeparator.PUBLIC_DATA_LEAF, leaf.key, leaf.value, BigInt(leaf.nextIndex), leaf.nextKey]);
}

/** An insertion into an indexed tree, or an update of one of its leaves, with its witness. */
export interface IndexedWrite {
  readonly kind: IndexedKind;
  readonly step: IndexedStep;
  readonly key: Field;
  readonly value: Field;
}

/** Follows one insertion or update: `before` must hold the low leaf; returns the tree after it. */
export function followStep(
  hasher: FieldHasher,
  before: TreeSnapshot,
  { kind, step, key, value }: IndexedWrite,
): TreeSnapshot {
  constrain(
    climb(hasher, hashIndexedLeaf(hasher, kind, step.low), step.lowIndex, step.lowPath) === before.root,
    "low leaf is not in the tree",
  );
  if (step.isUpdate) {
    constrain(kind === "public-data" && step.low.key === key, "an update must be of the slot itself");
    return {
      root: climb(hasher, hashIndexedLeaf(hasher, kind, { ...step.low, value }), step.lowIndex, step.lowPath),
      nextIndex: before.nextIndex,
    };
  }
  constrain(step.low.key < key, "low leaf is not below the key");
  constrain(step.low.nextKey === 0n || key < step.low.nextKey, "key is in the tree already");
  const linked = climb(
    hasher,
    hashIndexedLeaf(hasher, kind, { ...step.low, nextIndex: before.nextIndex, nextKey: key }),
    step.lowIndex,
    step.lowPath,
  );
  constrain(climb(hasher, 0n as Field, before.nextIndex, step.newPath) === linked, "the new leaf's place is not empty");
  const added = hashIndexedLeaf(hasher, kind, { key, value, nextIndex: step.low.nextIndex, nextKey: step.low.nextKey });
  return { root: climb(hasher, added, before.nextIndex, step.newPath), nextIndex: before.nextIndex + 1 };
}

/** Value of a slot, shown by the leaf with the greatest slot ≤ it. */
export function readSlot(
  hasher: FieldHasher,
  tree: TreeSnapshot,
  { proof, slot }: { readonly proof: Pick<IndexedStep, "low" | "lowIndex" | "lowPath">; readonly slot: Field },
): Field {
  constrain(
    climb(hasher, hashIndexedLeaf(hasher, "public-data", proof.low), proof.lowIndex, proof.lowPath) === tree.root,
    "low leaf is not in the tree",
  );
  if (proof.low.key === slot) return proof.low.value;
  constrain(
    proof.low.key < slot && (proof.low.nextKey === 0n || slot < proof.low.nextKey),
    "the leaf does not show the slot's value",
  );
  return 0n as Field;
}

/** A subtree of 2^height leaves to append, with the path of its place; errors call it `what`. */
export interface SubtreeAppend {
  /** Its root. */
  readonly node: Field;
  readonly height: number;
  readonly path: readonly Field[];
  readonly what: string;
}

/** Appends an aligned subtree. */
export function appendSubtree(
  hasher: FieldHasher,
  before: TreeSnapshot,
  { node, height, path, what }: SubtreeAppend,
): TreeSnapshot {
  const size = 2 ** height;
  constrain(before.nextIndex % size === 0, `${what} is not aligned`);
  const index = before.nextIndex / size;
  let empty = 0n as Field;
  for (let level = 0; level < height; level++) empty = hasher.hash([empty, empty]);
  constrain(climb(hasher, empty, index, path) === before.root, `${what}'s place is not empty`);
  return { root: climb(hasher, node, index, path), nextIndex: before.nextIndex + size };
}

/** Root of 2^n leaves. */
export function subtreeRoot(hasher: FieldHasher, leaves: readonly Field[]): Field {
  let level = [...leaves];
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, i) =>
      hasher.hash([level[2 * i] as Field, level[2 * i + 1] as Field]),
    );
  return level[0] as Field;
}

/** The block opened is in the archive with root `archive`. */
export function checkArchiveOpening(
  hasher: FieldHasher,
  opening: ArchiveOpening,
  { archive, what }: { readonly archive: Field; readonly what: string },
): void {
  const leaf = archiveLeaf(hasher, {
    headerHash: opening.headerHash,
    stateHash: hashState(hasher, opening.state),
    number: opening.number,
    slot: opening.slot,
  });
  constrain(
    opening.path.length === constants.ARCHIVE_TREE_DEPTH &&
      climb(hasher, leaf, opening.number, opening.path) === archive,
    `${what} is not in the archive`,
  );
}
