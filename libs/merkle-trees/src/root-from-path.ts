import { equalBytes, type FieldHasher } from "@sprtn/primitives";
import { TreeError, TreeErrorCode } from "./tree-error.js";

/**
 * The root above `node` (32 bytes; a leaf, or the root of a subtree) at `index` of its level, with the siblings that
 * `MerkleTree.path` gives.
 */
// oxlint-disable-next-line max-params -- a hashing loop's own form, as in the circuits
export function rootFromPath(hasher: FieldHasher, node: Uint8Array, index: number, path: Uint8Array): Uint8Array {
  if (node.length !== 32 || path.length % 32 !== 0 || path.length > 32 * 32)
    throw new TreeError(
      TreeErrorCode.BAD_LENGTH,
      "a node must have 32 bytes, and a path 32 bytes per level, with at most 32 levels",
      { node: node.length, path: path.length },
    );
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** (path.length / 32))
    throw new TreeError(TreeErrorCode.OUT_OF_RANGE, `no index ${index} under a path of ${path.length / 32} levels`, {
      index,
      levels: path.length / 32,
    });
  const pair = new Uint8Array(64);
  let current = node;
  for (let offset = 0, at = index; offset < path.length; offset += 32, at >>>= 1) {
    const right = at & 1;
    pair.set(current, 32 * right);
    pair.set(path.subarray(offset, offset + 32), 32 - 32 * right);
    current = hasher.hashPairs(pair);
  }
  return current === node ? node.slice() : current;
}

/** Whether `node` is in the tree with this root. */
export function verifyPath(
  hasher: FieldHasher,
  claim: { readonly node: Uint8Array; readonly index: number; readonly path: Uint8Array; readonly root: Uint8Array },
): boolean {
  return equalBytes(rootFromPath(hasher, claim.node, claim.index, claim.path), claim.root);
}
