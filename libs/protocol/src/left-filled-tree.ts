import { concatBytes, type Field, fieldToBytes, sha256ToField, ZERO_FIELD } from "@sprtn/primitives";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";

/** Combines two siblings into their parent. */
export type ParentHash = (left: Field, right: Field) => Field;

/** sha256 of both children, 32 bytes each, as a field. */
export const sha256Parent: ParentHash = (left, right) =>
  sha256ToField(concatBytes(fieldToBytes(left), fieldToBytes(right)));

/** As sha256Parent, but two zeros stay zero: a tree without messages has root 0. */
export const outHashParent: ParentHash = (left, right) =>
  left === 0n && right === 0n ? ZERO_FIELD : sha256Parent(left, right);

/**
 * Number of leaves in the left subtree of a left-filled tree of `count` > 1 leaves: the greatest power of two below
 * `count`.
 */
export function leftLeafCount(count: number): number {
  return 2 ** (31 - Math.clz32(count - 1));
}

/** Root of the left-filled tree; 0 for no leaves. */
export function leftFilledRoot(leaves: readonly Field[], parent: ParentHash): Field {
  const [only] = leaves;
  if (only === undefined) return ZERO_FIELD;
  if (leaves.length === 1) return only;
  const split = leftLeafCount(leaves.length);
  return parent(leftFilledRoot(leaves.slice(0, split), parent), leftFilledRoot(leaves.slice(split), parent));
}

/**
 * A leaf's place: `leafId` names the node (root 1, children 2i and 2i + 1), `path` its siblings from the leaf upwards.
 */
export interface LeftFilledPath {
  readonly leafId: bigint;
  readonly path: readonly Field[];
}

/** @throws ProtocolError BAD_LEAF for an index outside the tree */
export function leftFilledPath(leaves: readonly Field[], index: number, parent: ParentHash): LeftFilledPath {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new ProtocolError(ProtocolErrorCode.BAD_LEAF, `no leaf ${index} in a tree of ${leaves.length}`);
  }
  const path: Field[] = [];
  let leafId = 1n;
  let rest = leaves;
  let at = index;
  while (rest.length > 1) {
    const split = leftLeafCount(rest.length);
    const goRight = at >= split;
    const [inside, outside] = goRight
      ? [rest.slice(split), rest.slice(0, split)]
      : [rest.slice(0, split), rest.slice(split)];
    path.unshift(leftFilledRoot(outside, parent));
    leafId = leafId * 2n + (goRight ? 1n : 0n);
    rest = inside;
    at = goRight ? at - split : at;
  }
  return { leafId, path };
}

/** The root that `leaf` at `leafId` with these siblings belongs to. */
export function rootFromLeftFilledPath(leaf: Field, { leafId, path }: LeftFilledPath, parent: ParentHash): Field {
  let node = leaf;
  let id = leafId;
  for (const sibling of path) {
    node = id % 2n === 0n ? parent(node, sibling) : parent(sibling, node);
    id /= 2n;
  }
  return node;
}
