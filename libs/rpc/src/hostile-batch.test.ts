import { BlockNumber, Field } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";
import { expect } from "chai";
import fc from "fast-check";
import * as random from "./arbitraries.test.js";
import { RpcErrorCode } from "./rpc-error.js";
import { RpcFixture } from "./rpc-fixture.test.js";
import { MAX_ANSWER_BYTES, type RpcServerSettings } from "./rpc-server.js";

const [sample] = fc.sample(random.block, { numRuns: 1, seed: 7 }) as [L2Block];
const [effect] = fc.sample(
  random.block.filter(({ effects }) => effects.length > 0),
  { numRuns: 1, seed: 7 },
)[0]!.effects;
const BLOCKS = 100;
const batch = JSON.stringify(
  Array.from({ length: 100 }, (_, id) => ({ jsonrpc: "2.0", id, method: "node_getBlocks", params: [1, BLOCKS] })),
);

/** What a request of 6.9 kB that asks a hundred times for a hundred blocks may cost, counted in steps. */
describe("a batch that asks for all blocks a hundred times", () => {
  let fixture: RpcFixture;
  let events: string[];
  let atWork: number;
  let mostAtWork: number;

  const open = async (
    changes: Partial<RpcServerSettings> = {},
    pause = async () => void events.push("pause"),
    txs = 1,
  ) => {
    events = [];
    atWork = mostAtWork = 0;
    const blocks = Array.from({ length: BLOCKS }, (_, index) => counted(index + 1, txs));
    fixture = new RpcFixture(
      {
        getBlocks: async () => {
          events.push("call");
          mostAtWork = Math.max(mostAtWork, ++atWork);
          await new Promise(resolve => setImmediate(resolve));
          atWork--;
          return blocks;
        },
      },
      { workBurst: 1_000_000, totalWorkPerSecond: 1_000_000, ...changes },
      { pause },
    );
    await fixture.server.start();
  };
  afterEach(() => fixture.server.stop());

  /** A block that tells when it is encoded. */
  function counted(number: number, txs: number): L2Block {
    return {
      ...sample,
      header: { ...sample.header, number: BlockNumber(number) },
      headerHash: Field(BigInt(number)),
      get effects() {
        events.push("encode");
        return Array.from({ length: txs }, () => effect!);
      },
    };
  }
  const codes = (answers: readonly { readonly error?: { readonly data: { readonly code: string } } }[]) =>
    answers.map(answer => answer.error?.data.code ?? "ok");

  it("lets everything else go first between two calls, and between two blocks that it encodes", async () => {
    await open();
    await fixture.post(batch);
    for (const [index, event] of events.entries())
      if (event === "encode" && events[index - 1] === "encode") expect.fail(`two blocks in one step, at ${index}`);
    const calls = events.flatMap((event, index) => (event === "call" ? [index] : []));
    for (const [index, at] of calls.entries())
      if (index > 0) expect(events.slice(calls[index - 1], at), `before call ${index}`).to.include("pause");
  });

  it("encodes each block once, whoever asks for it and how often", async () => {
    await open();
    await Promise.all(Array.from({ length: 6 }, () => fixture.post(batch)));
    // Those that are at work at once may each find a block not encoded yet.
    expect(events.filter(event => event === "encode").length).to.be.at.most(4 * BLOCKS);
    events.length = 0;
    await fixture.post(batch);
    expect(events.filter(event => event === "encode").length).to.equal(0);
  });

  it("answers each call: what fits is carried out, what comes after the size is spent is not", async () => {
    await open({}, undefined, 4);
    const { json, text } = await fixture.post(batch);
    expect(json.map((answer: { id: number }) => answer.id)).to.deep.equal(Array.from({ length: 100 }, (_, id) => id));
    const fit = codes(json).filter(code => code === "ok").length;
    expect(fit).to.be.above(1);
    expect(codes(json).slice(fit)).to.deep.equal([
      RpcErrorCode.ANSWER_TOO_LARGE,
      ...Array.from({ length: 99 - fit }, () => RpcErrorCode.BUDGET_SPENT),
    ]);
    expect(events.filter(event => event === "call").length).to.equal(fit + 1);
    expect(text.length).to.be.below(MAX_ANSWER_BYTES + 30_000);
  });

  it("answers each call when the time is spent", async () => {
    await open({ requestTimeoutMs: 1_000 }, async () => {
      fixture.clock.nowValueMs += 300;
    });
    const { json } = await fixture.post(batch);
    const carriedOut = codes(json).filter(code => code === "ok").length;
    expect(codes(json).slice(carriedOut)).to.deep.equal(
      Array.from({ length: 100 - carriedOut }, () => RpcErrorCode.BUDGET_SPENT),
    );
    expect(carriedOut).to.be.within(1, 4);
  });

  it("is one of four at work for its address, the rest waits", async () => {
    await open();
    const answers = await Promise.all(Array.from({ length: 6 }, () => fixture.post(batch)));
    expect(answers.every(({ status, json }) => status === 200 && json.length === 100)).to.equal(true);
    expect(mostAtWork).to.be.at.most(4);
  });

  it("LIMIT-22: is paid for in blocks and bytes, and the rest of it is refused call by call", async () => {
    // 1 for the request and for each call, 10 for 100 blocks, the bytes on top.
    await open({ workBurst: 60, workPerSecond: 10 });
    const { status, json } = await fixture.post(batch);
    expect(status).to.equal(200);
    const carriedOut = events.filter(event => event === "call").length;
    expect(carriedOut).to.be.within(1, 5);
    expect(codes(json).slice(carriedOut)).to.deep.equal(
      Array.from({ length: 100 - carriedOut }, () => RpcErrorCode.RATE_LIMITED),
    );
  });

  it("is refused as a whole after that, no sooner than in a second, until the debt is paid", async () => {
    await open({ workBurst: 60, workPerSecond: 10 });
    await fixture.post(batch);
    events.length = 0;
    let answers = 0;
    const refused = fixture.post(batch).finally(() => answers++);
    const isDecided = () => fixture.clock.timers.size > 0 || answers > 0;
    while (!isDecided()) await new Promise(resolve => setImmediate(resolve));
    expect(answers).to.equal(0);
    fixture.clock.fireAll();
    const { status, headers, json } = await refused;
    expect([status, json.error.data.code]).to.deep.equal([429, RpcErrorCode.RATE_LIMITED]);
    expect(Number(headers.get("retry-after"))).to.be.within(1, 12);
    expect(events).to.deep.equal([]);
    fixture.clock.nowValueMs += 12_000;
    expect((await fixture.post(batch)).status).to.equal(200);
  });
});
