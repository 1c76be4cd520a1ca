import { expect } from "chai";
import * as fc from "fast-check";
import { FakeKvStore, FakeL1, FakeRollup } from "@sprtn/testing";
import { TestNode } from "./test/node.js";

/** What a script does next; numbers are reduced to what is possible when it runs. */
type Action =
  | { readonly do: "mine"; readonly turn: readonly ("propose" | "empty" | "send" | "prove" | "prune" | "bad")[] }
  | { readonly do: "reorg"; readonly depth: number; readonly length: number }
  | { readonly do: "finalize"; readonly back: number }
  | { readonly do: "poll" | "crash" | "fail" | "down" };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("mine" as const),
      turn: fc.array(fc.constantFrom("propose", "propose", "propose", "empty", "send", "prove", "prune", "bad"), {
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("reorg" as const),
      depth: fc.integer({ min: 1, max: 6 }),
      length: fc.integer({ min: 0, max: 7 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("finalize" as const), back: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("poll" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("crash" as const, "fail" as const, "down" as const) }) },
);

function mine(rollup: FakeRollup, turn: readonly string[]): void {
  rollup.mine(chain => {
    let [height, bad] = [rollup.tip.header.number as number, false];
    for (const what of turn) {
      if (what === "propose" || what === "empty") {
        chain.propose({ txs: what === "empty" ? 0 : 1 });
        height++;
      }
      if (what === "send") chain.send();
      // A proof of a bad block does not happen: L1 checks proofs.
      if (what === "prove" && !bad && height > rollup.proven && !hasBadBlock(rollup)) chain.prove();
      if (what === "prune") chain.prune();
      if (what === "bad") {
        chain.propose({ header: header => ({ ...header, txCount: BAD_TX_COUNT }) });
        bad = true;
      }
    }
  });
}

const BAD_TX_COUNT = 77;

function hasBadBlock(rollup: FakeRollup): boolean {
  return rollup.blocks.some(block => block.header.txCount === BAD_TX_COUNT);
}

async function perform(node: TestNode, next: Action): Promise<void> {
  const { rollup, l1 } = node;
  switch (next.do) {
    case "mine":
      return mine(rollup, next.turn);
    case "reorg": {
      const depth = Math.min(next.depth, l1.headNumber - l1.finalizedNumber);
      rollup.drop(depth);
      for (let i = 0; i < next.length; i++) mine(rollup, i % 2 === 0 ? ["propose"] : []);
      return;
    }
    case "finalize":
      return l1.finalize(Math.max(l1.finalizedNumber, l1.headNumber - next.back));
    case "poll":
      return node.poll();
    case "crash":
      await node.crash();
      await node.start();
      return;
    case "fail":
      node.store.onWrite = write => ((node.store.onWrite = () => "done"), write % 2 === 0 ? "lost" : "unsure");
      return;
    case "down":
      l1.down = true;
      await node.poll();
      l1.down = false;
  }
}

describe("archiver: random histories", () => {
  it("ends as a node that reads the same L1 from nothing, whatever happened on the way", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 60 }),
        fc.constantFrom(1, 3, 200),
        async (actions, range) => {
          const node = await new TestNode(new FakeRollup(new FakeL1()), new FakeKvStore(), undefined, range).start();
          for (const next of actions) await perform(node, next);
          node.store.onWrite = () => "done";
          node.rollup.mine();
          for (let i = 0; i < 3; i++) await node.poll();
          const fresh = await new TestNode(node.rollup).start();
          expect(await node.view()).to.deep.equal(await fresh.view());
          expect(node.archiver.synced()).to.equal(fresh.archiver.synced());
          await node.stop();
          await fresh.stop();
        },
      ),
      { numRuns: 150 },
    );
  });
});
