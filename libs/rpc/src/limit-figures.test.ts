import { connect, type Socket } from "node:net";
import { Secret } from "@sprtn/settings";
import { expect } from "chai";
import * as z from "zod/mini";
import { type AnyMethod, type MethodGroup, partsOf } from "./method-group.js";
import { callerRates } from "./pacing/caller-rates.js";
import { EncodedResults, KEPT_BYTES } from "./pacing/encoded-results.js";
import { REQUEST_SLOTS, RequestSlots } from "./pacing/request-slots.js";
import { RpcErrorCode } from "./rpc-error.js";
import { RpcFixture, TestClock, textMethod } from "./rpc-fixture.test.js";
import type { RpcServerSettings } from "./rpc-server.js";
import { serveGroup } from "./served-group.js";

// The figures of libs/protocol/spec/limits.md: the last that still fits, and the first that does not.

const [KiB, MiB] = [1024, 1024 * 1024];
const TOKEN = "a-token-of-the-network";
const AGENT = { "content-type": "application/json", authorization: `Bearer ${TOKEN}` };
const settle = () => new Promise(resolve => setImmediate(resolve));
/** Turns of the event loop that something gets which needs no time, only both sides of a connection. */
const PATIENCE = 50_000;
const settled = async (done: () => boolean) => {
  for (let turn = 0; turn < PATIENCE && !done(); turn++) await settle();
};

interface Echo {
  text(length: number): Promise<string>;
}
const echo: MethodGroup<Echo> = { prefix: "", methods: { text: textMethod } };
const call = (length: number, id = 1) => JSON.stringify({ jsonrpc: "2.0", id, method: "text", params: [length] });

describe("figures of a server", () => {
  let fixture: RpcFixture;
  let calls: number;
  let held: PromiseWithResolvers<void> | undefined;
  const open = async (changes: Partial<RpcServerSettings> = {}) => {
    [calls, held] = [0, undefined];
    const api: Echo = {
      text: async length => {
        calls++;
        await held?.promise;
        return "x".repeat(length);
      },
    };
    const settings = { accessToken: new Secret(TOKEN), ...changes };
    fixture = new RpcFixture({}, settings, { groups: [serveGroup(echo, api)] });
    await fixture.server.start();
  };
  afterEach(async () => {
    held?.resolve();
    await fixture.server.stop();
  });
  const codeOf = (json: { readonly error?: { readonly data: { readonly code: string } } }) => json.error?.data.code;

  it("LIMIT-21: a request of 1 MiB is read, a larger one is not", async () => {
    await open();
    const body = (bytes: number) => call(1).padEnd(bytes, " ");
    expect((await fixture.post(body(MiB))).json.result).to.equal("x");
    const { status, json } = await fixture.post(body(MiB + 1));
    expect([status, codeOf(json)]).to.deep.equal([413, RpcErrorCode.TOO_LARGE]);
  });

  for (const count of [16, 17])
    it(`LIMIT-21: ${count} requests of a connection are ${count === 16 ? "answered" : "too many"}`, async () => {
      await open();
      held = Promise.withResolvers();
      const { hostname, port } = new URL(fixture.server.url);
      const socket: Socket = connect(Number(port), hostname).on("error", () => {});
      const length = call(1).length;
      const one = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}`;
      let answer = "";
      socket.setEncoding("latin1").on("data", text => (answer += text));
      socket.write(`${one}\r\n\r\n${call(1)}`.repeat(count));
      const answered = () => answer.split("HTTP/1.1 200").length - 1;
      // As many as may work do, and whether the others were taken in shows by then.
      await settled(() => calls >= 4 || socket.destroyed);
      held.resolve();
      await settled(() => answered() >= count || socket.destroyed);
      expect([socket.destroyed, answered()]).to.deep.equal(count === 16 ? [false, 16] : [true, 0]);
      socket.destroy();
    });

  it("LIMIT-22: of an address 4 requests at work, 64 wait, one more is refused; agents pass", async () => {
    await open();
    held = Promise.withResolvers();
    const statuses: number[] = [];
    const asked = Array.from({ length: 4 + 64 + 1 }, async () => {
      const { status, json } = await fixture.post(call(1));
      statuses.push(status);
      return status === 503 ? codeOf(json) : status;
    });
    await settled(() => statuses.length > 0);
    expect([statuses, calls]).to.deep.equal([[503], 4]);
    void fixture.post(call(1), AGENT);
    await settled(() => calls >= 5);
    expect(calls).to.equal(5);
    held.resolve();
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter(outcome => outcome === 200)).to.have.length(68);
    expect(outcomes.filter(outcome => outcome === RpcErrorCode.BUSY)).to.have.length(1);
  });

  it("LIMIT-22: an answer has 4 MiB at most, an agent's 12", async () => {
    await open();
    // With its quotes.
    const [most, agents] = [4 * MiB - 2, 12 * MiB - 2];
    expect((await fixture.post(call(most))).json.result).to.have.length(most);
    expect(codeOf((await fixture.post(call(most + 1))).json)).to.equal(RpcErrorCode.ANSWER_TOO_LARGE);
    expect((await fixture.post(call(agents), AGENT)).json.result).to.have.length(agents);
    expect(codeOf((await fixture.post(call(agents + 1), AGENT)).json)).to.equal(RpcErrorCode.ANSWER_TOO_LARGE);
  });

  it("LIMIT-22: a request has 100 calls at most", async () => {
    await open();
    const batch = (count: number) => `[${Array.from({ length: count }, (_, id) => call(1, id)).join(",")}]`;
    expect((await fixture.post(batch(100))).json).to.have.length(100);
    expect(codeOf((await fixture.post(batch(101))).json)).to.equal(RpcErrorCode.INVALID_REQUEST);
  });

  /** How much of its 40 units an address has left. */
  const left = async () => {
    let units = 0;
    while (units < 40 && fixture.clock.timers.size === 0) {
      const asked = fixture.get("/health");
      let answered = false;
      void asked.finally(() => (answered = true));
      await settled(() => answered || fixture.clock.timers.size > 0);
      if (!answered) fixture.clock.fireAll();
      if ((await asked).status !== 200) break;
      units++;
    }
    return units;
  };
  const frugal = { workBurst: 40, workPerSecond: 0.001 };

  it("LIMIT-22: the bytes of a request are paid for, a unit each 64 KiB", async () => {
    await open(frugal);
    expect((await fixture.post(call(1).padEnd(16 * 64 * KiB, " "))).status).to.equal(200);
    // One for the request, one for the call, 16 for its bytes, and a little of one for the answer's.
    expect(await left()).to.equal(40 - 1 - 1 - 16);
  });

  it("LIMIT-22: so are those of a request that cannot be read", async () => {
    await open(frugal);
    expect((await fixture.post("{".padEnd(16 * 64 * KiB, " "))).json.error.data.code).to.equal(
      RpcErrorCode.PARSE_ERROR,
    );
    expect(await left()).to.equal(40 - 1 - 16);
  });

  it("LIMIT-22: the bytes of an answer are paid for, a unit each 64 KiB", async () => {
    await open(frugal);
    expect((await fixture.post(call(16 * 64 * KiB - 2))).status).to.equal(200);
    expect(await left()).to.equal(40 - 1 - 1 - 16);
  });

  it("LIMIT-22: agents pay for nothing, and are let in when their address has nothing left", async () => {
    await open(frugal);
    for (let n = 0; n < 5; n++)
      expect((await fixture.post(call(16 * 64 * KiB).padEnd(MiB, " "), AGENT)).status).to.equal(200);
    expect(await left()).to.equal(40);
    expect((await fixture.post(call(1), AGENT)).json.result).to.equal("x");
  });

  it("LIMIT-22: who is in debt hears so a second later, or when the debt is paid if that is sooner", async () => {
    for (const [workPerSecond, delayMs] of [
      [0.5, 1_000],
      [2, 500],
    ] as const) {
      const delays: number[] = [];
      const schedule = TestClock.prototype.schedule;
      await open({ workBurst: 1, workPerSecond });
      fixture.clock.schedule = (ms, callback) => {
        delays.push(ms);
        return schedule.call(fixture.clock, ms, callback);
      };
      await fixture.get("/health");
      fixture.clock.nowValueMs += 1;
      // What came back in a millisecond lets one more in, which then owes a unit.
      await fixture.get("/health");
      const refused = fixture.get("/health");
      await settled(() => delays.length > 0);
      fixture.clock.fireAll();
      expect((await refused).status).to.equal(429);
      expect(Math.round(delays[0] ?? 0)).to.be.within(delayMs - 1, delayMs);
      await fixture.server.stop();
    }
  });
});

describe("LIMIT-22: requests of all addresses", () => {
  it("12 at work, 256 wait, one more is refused", async () => {
    const slots = new RequestSlots(REQUEST_SLOTS);
    let granted = 0;
    const take = (caller: number) => {
      const taken = slots.take(`caller ${caller}`);
      void taken?.then(() => granted++);
      return taken !== undefined;
    };
    expect(Array.from({ length: 12 + 256 }, (_, n) => take(n))).to.not.include(false);
    await settle();
    expect([granted, take(1_000)]).to.deep.equal([12, false]);
  });

  it("10,000 addresses are remembered, those that asked last", () => {
    const rates = callerRates({ clock: new TestClock() }, { workBurst: 1, workPerSecond: 1 });
    rates.charge("first", 1);
    for (let n = 1; n < 10_000; n++) rates.charge(`other ${n}`, 1);
    expect(rates.hasAny("first")).to.equal(false);
    rates.charge("one more", 1);
    expect(rates.hasAny("first")).to.equal(true);
  });
});

describe("LIMIT-23: encoded blocks", () => {
  it("32 MiB are kept, one more displaces the one that was asked for least recently", async () => {
    const schema = z.object({ id: z.number(), text: z.string() });
    const method: AnyMethod = {
      summary: "",
      params: [],
      result: z.array(schema),
      parts: partsOf<{ readonly id: number }>(schema, ({ id }) => `part ${id}`),
    };
    const results = new EncodedResults({ pause: async () => {} }, { maxBytes: KEPT_BYTES });
    // Each with what a place in memory costs.
    const frame = JSON.stringify({ id: 10, text: "" }).length + 200;
    const encode = async (id: number) =>
      (await results.encode(method, [{ id, text: "x".repeat(MiB - frame) }])).madeBytes > 0;
    for (let id = 10; id < 42; id++) expect(await encode(id)).to.equal(true);
    expect(results.keptBytes).to.equal(32 * MiB);
    expect(await encode(10)).to.equal(false);
    expect(await encode(42)).to.equal(true);
    expect([await encode(10), await encode(11)]).to.deep.equal([false, true]);
  });
});
