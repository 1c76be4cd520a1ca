import { packFields, unpackFields, zeroHashes } from "@sprtn/merkle-trees";
import { type Field, type FieldHasher, fieldFromBytes } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";

const DEPTH = constants.NOTE_HASH_TREE_DEPTH;

/**
 * The right edge of the note hash tree: all that appending needs, 32 nodes at most. A peak is the root of a complete
 * subtree whose parent is not complete; there is one at level h if bit h of the number of leaves is set.
 */
export interface Frontier {
  readonly leafCount: number;
  /** From the lowest level upwards. */
  readonly peaks: readonly Field[];
}

export const EMPTY_FRONTIER: Frontier = { leafCount: 0, peaks: [] };

/** A complete node of the tree: `index` counts the nodes of its level. */
export type SeeNode = (level: number, index: number, node: Field) => void;

const isOdd = (count: number, level: number): boolean => Math.floor(count / 2 ** level) % 2 === 1;

/** The peaks by their level. */
function peaksByLevel({ leafCount, peaks }: Frontier): ReadonlyMap<number, Field> {
  const levels = Array.from({ length: DEPTH }, (_, level) => level).filter(level => isOdd(leafCount, level));
  return new Map(levels.map((level, i) => [level, peaks[i] as Field]));
}

/** The frontier after these leaves; `see` hears of every peak there was and of every node that becomes complete. */
export function appendLeaves(
  { hasher, see = () => {} }: { readonly hasher: FieldHasher; readonly see?: SeeNode },
  before: Frontier,
  leaves: readonly Field[],
): Frontier {
  const known = peaksByLevel(before);
  for (const [level, node] of known) see(level, Math.floor(before.leafCount / 2 ** level) - 1, node);
  const peaks: Field[] = [];
  let nodes: readonly Field[] = leaves;
  let first = before.leafCount;
  for (let level = 0; level < DEPTH; level++) {
    nodes.forEach((node, i) => see(level, first + i, node));
    const peak = known.get(level);
    if (peak !== undefined) {
      nodes = [peak, ...nodes];
      first -= 1;
    }
    const pairs = Math.floor(nodes.length / 2);
    if (nodes.length % 2 === 1) peaks.push(nodes[nodes.length - 1] as Field);
    nodes = pairs === 0 ? [] : unpackFields(hasher.hashPairs(packFields(nodes.slice(0, 2 * pairs))));
    first /= 2;
  }
  return { leafCount: before.leafCount + leaves.length, peaks };
}

/**
 * At every level the node above the first leaf that is not there yet, filled with empty leaves: partly filled or
 * empty. The last one, at the tree's depth, is the root.
 */
export function rightEdge(hasher: FieldHasher, frontier: Frontier): readonly Field[] {
  const peaks = peaksByLevel(frontier);
  const edge = [emptyNode(hasher, 0)];
  for (let level = 0; level < DEPTH; level++) {
    const node = edge[level] as Field;
    const peak = peaks.get(level);
    const empty = emptyNode(hasher, level);
    if (peak === undefined && node === empty) edge.push(emptyNode(hasher, level + 1));
    else edge.push(hasher.hash(peak === undefined ? [node, empty] : [peak, node]));
  }
  return edge;
}

/** Root of an empty subtree of this height. */
export function emptyNode(hasher: FieldHasher, level: number): Field {
  return fieldFromBytes(zeroHashes(hasher, DEPTH)[level] as Uint8Array);
}
