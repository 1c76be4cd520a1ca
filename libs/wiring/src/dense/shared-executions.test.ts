import { Slot } from "@sprtn/primitives";
import type { BlockExecutor } from "@sprtn/ports";
import { CallKind } from "@sprtn/protocol";
import { ManualClock, sleep } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { MemoryLogger } from "@sprtn/testing";
import { executeHere } from "@sprtn/validator";
import { expect } from "chai";
import { SharedExecutions } from "./shared-executions.js";

/** A chain with a block to execute, and an executor that takes its time. */
function setUp(own: (times: number) => BlockExecutor = () => executeHere) {
  const clock = new ManualClock();
  const logger = new MemoryLogger();
  const fixture = new ChainFixture();
  let times = 0;
  const slow: BlockExecutor = {
    execute: async (...request) => {
      await sleep(clock, 40);
      return own(++times).execute(...request);
    },
  };
  const shared = new SharedExecutions({ own: slow, clock, logger });
  const txs = [fixture.tx({ kind: CallKind.NONE }, { notes: 1 })];
  const environment = fixture.environment();
  const ground = () => ({ fork: fixture.state.fork(), lookups: fixture.lookups });
  const run = async (change: Partial<typeof environment> = {}, content = { txs, messages: [] as never[] }) => {
    const startedMs = clock.nowMs();
    const running = shared.execute(ground(), content, { ...environment, ...change });
    const tookMs = running.then(() => clock.nowMs() - startedMs);
    await clock.advance(100);
    return { ...(await running), tookMs: await tookMs };
  };
  return { run, logger, times: () => times };
}

describe("executions that validators of a process share", () => {
  it("are done twice; then the outcome is handed out, after as long as the first took", async () => {
    const { run, times } = setUp();
    const runs = [await run(), await run(), await run(), await run()];
    expect(times()).to.equal(2);
    expect(runs.map(({ tookMs }) => tookMs)).to.deep.equal([40, 40, 40, 40]);
    expect(new Set(runs.map(({ built }) => built.block.archive)).size).to.equal(1);
    for (const { fork, built } of runs) expect(fork.archiveRoot()).to.equal(built.block.archive);
  });

  for (const [what, again] of [
    ["slot", (run: ReturnType<typeof setUp>["run"]) => run({ slot: Slot(9) })],
    ["transactions", (run: ReturnType<typeof setUp>["run"]) => run({}, { txs: [], messages: [] })],
    ["fees", (run: ReturnType<typeof setUp>["run"]) => run({ baseFees: { perL2Gas: 1n, perDaGas: 1n } })],
    ["room", (run: ReturnType<typeof setUp>["run"]) => run({ maxTxs: 0 })],
  ] as const)
    it(`say nothing about a proposal with other ${what}`, async () => {
      const { run, times } = setUp();
      await run();
      await run();
      await again(run);
      expect(times()).to.equal(3);
    });

  it("are not shared where two differ, and that is reported", async () => {
    const wrong: BlockExecutor = {
      execute: (on, content, environment) => executeHere.execute(on, { ...content, txs: [] }, environment),
    };
    const { run, logger, times } = setUp(count => (count === 1 ? wrong : executeHere));
    await run();
    const second = await run();
    expect(logger.lines("error").map(({ fields }) => fields?.code)).to.deep.equal(["WIRING_EXECUTIONS_DIFFER"]);
    expect(second.built.txs).to.have.length(1);
    const later = [await run(), await run(), await run()];
    expect(times()).to.equal(4);
    for (const { built } of later) expect(built.block.archive).to.equal(second.built.block.archive);
  });
});
