import type { Field } from "@sprtn/primitives";
import type { TxReceipt } from "@sprtn/ports";
import { expect } from "chai";
import { DemoErrorCode } from "./demo-error.js";
import { follow } from "./follow.js";

const hash = 7n as Field;
const block = { number: 3, hash: 9n, index: 0 } as NonNullable<TxReceipt["block"]>;

function run(receipts: readonly Partial<TxReceipt>[], goal: TxReceipt["stage"] = "pending") {
  const lines: string[] = [];
  const wallet = {
    async *watch() {
      for (const receipt of receipts) yield { txHash: hash, stage: "unknown", ...receipt } as TxReceipt;
    },
  };
  return {
    lines,
    done: follow(wallet, hash, {
      goal,
      print: line => lines.push(line),
      nowMs: () => 0,
      signal: new AbortController().signal,
    }),
  };
}

async function codeOfFailure(done: Promise<unknown>): Promise<unknown> {
  return done.then(
    () => undefined,
    (error: { code?: unknown }) => error.code,
  );
}

describe("follow", () => {
  it("prints every stage up to the goal and hands out its receipt", async () => {
    const { lines, done } = run([
      { stage: "submitted" },
      { stage: "pending", block, fee: 5n },
      { stage: "proven", block },
    ]);
    expect(await done).to.include({ stage: "pending", fee: 5n });
    expect(lines).to.have.length(2);
    expect(lines[1]).to.contain("block 3");
  });

  it("takes a later stage for the goal", async () => {
    expect(await run([{ stage: "finalized", block }], "proven").done).to.include({ stage: "finalized" });
  });

  it("fails on a transaction that was dropped, reverted or never came", async () => {
    for (const receipts of [
      [{ stage: "dropped", code: "TX_EXPIRED" }],
      [{ stage: "pending", block, reverted: true }],
      [{ stage: "submitted" }],
    ] as Partial<TxReceipt>[][]) {
      expect(await codeOfFailure(run(receipts).done)).to.equal(DemoErrorCode.TX_FAILED);
    }
  });
});
