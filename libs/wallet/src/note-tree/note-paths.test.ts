import { AppendOnlyTree, MemoryNodeStore, packFields, unpackFields } from "@sprtn/merkle-trees";
import { BlockNumber, Field, fieldFromBytes, jsFieldHasher } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";
import { expect } from "chai";
import fc from "fast-check";
import type { StoredNote } from "../notes/stored-note.js";
import { EMPTY_FRONTIER, type Frontier, rightEdge } from "./frontier.js";
import { type NotePath, pathAt, siblingIndex } from "./note-path.js";
import { PathTracker } from "./path-tracker.js";

const depth = constants.NOTE_HASH_TREE_DEPTH;

/** What a wallet keeps of a block, compared with the tree of a node that keeps everything. */
interface Kept {
  readonly frontier: Frontier;
  readonly leaves: readonly Field[];
}

/** Blocks of random leaves, some of them own; reorgs take blocks back, a restart forgets what is not kept. */
class Scan {
  readonly blocks: Kept[] = [{ frontier: EMPTY_FRONTIER, leaves: [] }];
  paths = new Map<Field, NotePath>();
  #next = 1n;

  block(txs: readonly (readonly [own: boolean, own: boolean])[]): void {
    const { frontier, leaves } = this.tip;
    const fresh = txs.flat().map(() => Field(this.#next++));
    const found = txs
      .flat()
      .flatMap((own, i) =>
        own ? [{ uniqueHash: fresh[i] as Field, leafIndex: BigInt(leaves.length + i), block: BlockNumber(1) }] : [],
      );
    const tracker = new PathTracker(jsFieldHasher, frontier, this.paths.values());
    tracker.append(fresh, found as unknown as StoredNote[]);
    for (const path of tracker.changed()) this.paths.set(path.uniqueHash, path);
    this.blocks.push({ frontier: tracker.frontier, leaves: [...leaves, ...fresh] });
  }

  reorg(wanted: number): void {
    this.blocks.length = Math.max(1, this.blocks.length - wanted);
    const { leafCount } = this.tip.frontier;
    const kept = [...this.paths.values()].filter(path => path.leafIndex < leafCount);
    this.paths = new Map(kept.map(path => [path.uniqueHash, path]));
  }

  /** Every own note under every block that holds it. */
  check(): void {
    const tree = new AppendOnlyTree({ store: new MemoryNodeStore(), hasher: jsFieldHasher }, { depth });
    let appended = 0;
    for (const { frontier, leaves } of this.blocks) {
      if (leaves.length > appended) tree.append(packFields(leaves.slice(appended)));
      appended = leaves.length;
      const edge = rightEdge(jsFieldHasher, frontier);
      expect(edge[depth]).to.equal(fieldFromBytes(tree.root()));
      expect(frontier.peaks.length).to.be.at.most(depth);
      for (const path of this.paths.values()) {
        if (path.leafIndex >= frontier.leafCount) continue;
        const siblings = pathAt(jsFieldHasher, path, { frontier, edge });
        expect(siblings).to.deep.equal(unpackFields(tree.path(Number(path.leafIndex))));
      }
    }
  }

  get tip(): Kept {
    return this.blocks[this.blocks.length - 1] as Kept;
  }
}

describe("note paths", () => {
  it("are those of the whole tree at every kept block, through blocks, own notes and reorgs", () => {
    const tx = fc.tuple(fc.boolean(), fc.boolean());
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("block" as const), txs: fc.array(tx, { maxLength: 5 }) }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant("reorg" as const), depth: fc.integer({ min: 1, max: 4 }) }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 12 }), steps => {
        const scan = new Scan();
        for (const each of steps) {
          if (each.kind === "block") scan.block(each.txs);
          else scan.reorg(each.depth);
        }
        scan.check();
      }),
      { numRuns: 25 },
    );
  });

  it("keep no more than a sibling a level, and only complete ones", () => {
    const scan = new Scan();
    for (let i = 0; i < 9; i++) scan.block([[i === 0, i === 4]]);
    for (const { leafIndex, siblings } of scan.paths.values()) {
      expect(siblings.length).to.equal(depth);
      siblings.forEach((sibling, level) =>
        expect(sibling !== null).to.equal((siblingIndex(leafIndex, level) + 1) * 2 ** level <= 18),
      );
    }
    scan.check();
  });
});
