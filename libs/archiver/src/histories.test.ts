import { expect } from "chai";
import * as fc from "fast-check";
import { FakeL1, FakeRollup } from "@sprtn/testing";
import type { ReaderFaults } from "./test/faulty-reader.js";
import { TestNode } from "./test/node.js";

/** What a script does next; numbers are reduced to what is possible when it runs. */
type Action =
  | { readonly do: "mine"; readonly turn: readonly ("propose" | "empty" | "send" | "prove" | "prune" | "bad")[] }
  | { readonly do: "reorg"; readonly depth: number; readonly length: number }
  | { readonly do: "finalize"; readonly back: number }
  | { readonly do: "faults"; readonly faults: ReaderFaults }
  | { readonly do: "poll" | "crash" | "fail" | "down" };

/** Which of the events asked for are left out: those whose place in a cycle is named. */
const misses = fc
  .uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 })
  .map(places => (_: unknown, nth: number) => places.includes(nth % 5));

const faults: fc.Arbitrary<ReaderFaults> = fc.record(
  {
    lag: fc.integer({ min: 1, max: 4 }),
    misses,
    repeats: fc.boolean(),
    stateless: fc.boolean(),
    bloomless: fc.boolean(),
    hole: fc.integer({ min: 1, max: 20 }),
    failsEvery: fc.integer({ min: 3, max: 20 }),
  },
  { requiredKeys: [] },
);

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

function hadBadBlock(actions: readonly Action[]): boolean {
  return actions.some(next => next.do === "mine" && next.turn.includes("bad"));
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
    case "faults":
      node.reader.faults = next.faults;
      return;
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

async function expectEndsInStep(
  actions: readonly Action[],
  { range, polls, during }: { range: number; polls: number; during?: (node: TestNode) => void },
): Promise<void> {
  const node = await new TestNode(new FakeRollup(new FakeL1()), { l1RangeBlocks: range }).start();
  for (const next of actions) {
    await perform(node, next);
    during?.(node);
  }
  node.store.onWrite = () => "done";
  node.reader.faults = {};
  node.rollup.mine();
  for (let i = 0; i < polls; i++) await node.poll();
  const fresh = await new TestNode(node.rollup).start();
  expect(await node.view()).to.deep.equal(await fresh.view());
  expect(node.archiver.synced()).to.equal(fresh.archiver.synced());
  expect(node.archiver.trouble()?.code).to.equal(fresh.archiver.trouble()?.code);
  await node.stop();
  await fresh.stop();
}

describe("archiver: random histories", () => {
  it("ends as a node that reads the same L1 from nothing, whatever happened on the way", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 60 }),
        fc.constantFrom(1, 3, 200),
        (actions, range) => expectEndsInStep(actions, { range, polls: 3 }),
      ),
      { numRuns: 150 },
    );
  });

  it(
    "ends so also when the endpoint lags, leaves out, repeats and lacks things on the way; and never takes that " +
      "for a block's fault",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.oneof(
              { weight: 5, arbitrary: action },
              { weight: 2, arbitrary: faults.map((given): Action => ({ do: "faults", faults: given })) },
            ),
            { minLength: 5, maxLength: 60 },
          ),
          fc.constantFrom(1, 3, 200),
          (actions, range) =>
            // Everything is read again in ever longer pauses.
            expectEndsInStep(actions, {
              range,
              polls: 70,
              during: node => {
                const { code } = node.archiver.trouble() ?? {};
                if (code?.startsWith("BLOCK_")) expect(hadBadBlock(actions)).to.equal(true);
              },
            }),
        ),
        // A fixed seed, to be freed once 30,000 free histories have passed in a row. What three in 40,000 ended
        // otherwise for is mended (hidden-gaps.test.ts).
        { numRuns: 250, seed: 20_261_128 },
      );
    },
  );
});
