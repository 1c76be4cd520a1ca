import type { Field, FieldHasher } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";
import type { StoredNote } from "../notes/stored-note.js";
import { appendLeaves, type Frontier } from "./frontier.js";
import type { NotePath } from "./note-path.js";

interface Growing {
  readonly uniqueHash: Field;
  readonly leafIndex: number;
  readonly siblings: (Field | null)[];
}

/** Follows the note hash tree block by block and completes the paths of the wallet's own notes. */
export class PathTracker {
  readonly #changed = new Set<Growing>();
  /** By leaf index, ascending: notes are found in the order of the tree. */
  readonly #paths: Growing[];

  constructor(
    private readonly hasher: FieldHasher,
    private frontierNow: Frontier,
    paths: Iterable<NotePath>,
  ) {
    this.#paths = Array.from(paths, ({ uniqueHash, leafIndex, siblings }) => ({
      uniqueHash,
      leafIndex: Number(leafIndex),
      siblings: [...siblings],
    })).sort((a, b) => a.leafIndex - b.leafIndex);
  }

  get frontier(): Frontier {
    return this.frontierNow;
  }

  /** A block's leaves, with the wallet's notes among them. */
  append(leaves: readonly Field[], found: readonly StoredNote[]): void {
    for (const { uniqueHash, leafIndex } of found) {
      const siblings = Array.from({ length: constants.NOTE_HASH_TREE_DEPTH }, () => null);
      const path: Growing = { uniqueHash, leafIndex: Number(leafIndex), siblings };
      this.#paths.push(path);
      this.#changed.add(path);
    }
    this.frontierNow = appendLeaves(
      { hasher: this.hasher, see: (level, index, node) => this.#see(level, index, node) },
      this.frontierNow,
      leaves,
    );
  }

  /** Paths that are new or have grown. */
  changed(): NotePath[] {
    return Array.from(this.#changed, ({ uniqueHash, leafIndex, siblings }) => ({
      uniqueHash,
      leafIndex: BigInt(leafIndex),
      siblings,
    }));
  }

  /** The notes below this node's sibling have it in their paths. */
  #see(level: number, index: number, node: Field): void {
    const from = (index % 2 === 0 ? index + 1 : index - 1) * 2 ** level;
    for (let i = this.#firstFrom(from); i < this.#paths.length; i++) {
      const path = this.#paths[i] as Growing;
      if (path.leafIndex >= from + 2 ** level) return;
      if (path.siblings[level] === node) continue;
      path.siblings[level] = node;
      this.#changed.add(path);
    }
  }

  #firstFrom(leafIndex: number): number {
    let [low, high] = [0, this.#paths.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#paths[middle] as Growing).leafIndex < leafIndex) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
