import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import * as z from "zod/mini";
import { type Caller, Dispatcher } from "./dispatcher.js";
import type { MethodGroup } from "./method-group.js";
import { RpcErrorCode } from "./rpc-error.js";
import { silentMeter, TestClock, TestLogger, textMethod } from "./rpc-fixture.test.js";
import { createRpcMetrics } from "./rpc-metrics.js";
import { serveGroup } from "./served-group.js";
import { EncodedResults } from "./pacing/encoded-results.js";
import { Pace } from "./pacing/pace.js";
import { u32 } from "@sprtn/protocol/json";

interface Echo {
  text(length: number): Promise<string>;
  sum(values: readonly number[]): Promise<number>;
}

const group: MethodGroup<Echo> = {
  prefix: "",
  methods: {
    text: textMethod,
    sum: {
      summary: "A sum",
      params: [{ name: "values", description: "Summands", schema: z.array(u32) }],
      result: z.number(),
    },
  },
};

const open: Caller = { trusted: false, admit: () => {}, charge: () => {} };

describe("dispatcher", () => {
  const clock = new TestClock();
  const pause = async () => {};
  const dispatcher = new Dispatcher(
    {
      groups: [
        serveGroup(group, {
          text: async length => "x".repeat(length),
          sum: async values => values.reduce((a, b) => a + b, 0),
        }),
      ],
      clock,
      logger: new TestLogger(),
      metrics: createRpcMetrics(silentMeter),
      results: new EncodedResults({ pause }, { maxBytes: 1_000 }),
      pace: new Pace({ clock }, { unitsPerSecond: 1_000, burst: 1_000 }),
      pause,
    },
    { requestTimeoutMs: 1_000, maxAnswerBytes: 100, maxTrustedAnswerBytes: 1_000 },
  );
  const run = async (calls: readonly unknown[]) =>
    JSON.parse(Buffer.concat(await dispatcher.run({ calls, batch: true }, open)).toString());
  const call = (method: string, params: unknown) => ({ jsonrpc: "2.0", id: 1, method, params });

  it("says once what is wrong with a parameter, though it breaks two bounds", async () => {
    const [answer] = await run([call("sum", [[2 ** 53]])]);
    expect(answer.error.message.match(/values\.0/g)).to.have.length(1);
  });

  it("a result beyond the rest of a request's size is an error, and what comes after is not carried out", async () => {
    const answers = await run([call("text", [60]), call("text", [60]), call("text", [0])]);
    expect(answers[0].result).to.have.length(60);
    expect(answers[1].error).to.deep.include({ code: -32000, data: { code: RpcErrorCode.ANSWER_TOO_LARGE } });
    expect(answers[2].error.data.code).to.equal(RpcErrorCode.BUDGET_SPENT);
    expect((await run([call("text", [99])]))[0].error.data.code).to.equal(RpcErrorCode.ANSWER_TOO_LARGE);
    expect((await run([call("text", [98])]))[0].result).to.have.length(98);
  });

  it("says where in a parameter the fault is, and no more than fits", async () => {
    const [answer] = await run([call("sum", [[1, 2, -3]])]);
    expect(answer.error.message).to.contain("values.2:");
    const [many] = await run([call("sum", { values: Array.from({ length: 1_000 }, () => "x") })]);
    expect(many.error.message.length).to.be.lessThan(600);
  });

  it("LIMIT-22: a call has what is left of its request's time", async () => {
    const manual = new ManualClock();
    const begun = Promise.withResolvers<void>();
    const slow = new Dispatcher(
      {
        groups: [
          serveGroup(group, {
            text: () => (begun.resolve(), new Promise(() => {})),
            sum: async () => (manual.advanceSync(700), 0),
          }),
        ],
        clock: manual,
        logger: new TestLogger(),
        metrics: createRpcMetrics(silentMeter),
        results: new EncodedResults({ pause }, { maxBytes: 1_000 }),
        pace: new Pace({ clock: manual }, { unitsPerSecond: 1_000, burst: 1_000 }),
        pause,
      },
      { requestTimeoutMs: 1_000, maxAnswerBytes: 100, maxTrustedAnswerBytes: 1_000 },
    );
    let answered = false;
    const answers = slow
      .run({ calls: [call("sum", [[1]]), call("text", [1])], batch: true }, open)
      .finally(() => (answered = true));
    await begun.promise;
    await manual.advance(299);
    expect(answered).to.equal(false);
    await manual.advance(1);
    expect(manual.pendingTimers).to.equal(0);
    const [sum, text] = JSON.parse(Buffer.concat(await answers).toString());
    expect([sum.result, text.error.data.code]).to.deep.equal([0, RpcErrorCode.TIMEOUT]);
  });

  it("LIMIT-22: what was encoded is paid for by the pace of all: the next caller waits, no agent does", async () => {
    const manual = new ManualClock();
    const paced = new Dispatcher(
      {
        groups: [serveGroup(group, { text: async length => "x".repeat(length), sum: async () => 0 })],
        clock: manual,
        logger: new TestLogger(),
        metrics: createRpcMetrics(silentMeter),
        results: new EncodedResults({ pause }, { maxBytes: 1_000 }),
        pace: new Pace({ clock: manual }, { unitsPerSecond: 10, burst: 10 }),
        pause,
      },
      { requestTimeoutMs: 60_000, maxAnswerBytes: 100_000, maxTrustedAnswerBytes: 100_000 },
    );
    await paced.run({ calls: [call("text", [40_000])], batch: false }, open);
    const answered: string[] = [];
    const sums = ["caller", "agent"].map(async who => {
      await paced.run({ calls: [call("sum", [[1]])], batch: false }, { ...open, trusted: who === "agent" });
      answered.push(who);
    });
    await sums[1];
    expect(answered).to.deep.equal(["agent"]);
    await manual.advance(1_000);
    await Promise.all(sums);
    expect(answered).to.deep.equal(["agent", "caller"]);
  });
});
