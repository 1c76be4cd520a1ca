import type { GossipHandler, ValidationResult } from "@sprtn/ports";
import { CodedError } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import { gossipCompliance, requestResponseCompliance } from "./compliance/index.js";
import { NetworkHub, type NetworkHubSettings, type NetworkMember, SeededRandom } from "./index.js";

const accept: ValidationResult = { result: "accept" };
const settle = () => new Promise<void>(resolve => setImmediate(resolve));
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

function network(
  names: readonly string[],
  settings: NetworkHubSettings = {},
  judge: (name: string) => ValidationResult = () => accept,
) {
  const clock = new ManualClock();
  const hub = new NetworkHub({ clock }, settings);
  const log: string[] = [];
  const handler =
    (name: string): GossipHandler =>
    ({ data, from }) => {
      log.push(`${clock.nowMs()} ${from}>${name} ${data[0]}`);
      return judge(name);
    };
  const members = Object.fromEntries(names.map(name => [name, hub.join(name)])) as Record<string, NetworkMember>;
  for (const [name, member] of Object.entries(members)) member.subscribe("tx", handler(name));
  const member = (name: string) => members[name] ?? expect.fail(name);
  return { clock, hub, log, member };
}

gossipCompliance("NetworkHub", async subscriptions => {
  const hub = new NetworkHub();
  const members = subscriptions.map((topics, index) => {
    const member = hub.join(`m${index}`);
    for (const { topic, handler } of topics) member.subscribe(topic, handler);
    return member;
  });
  return { members, close: async () => {} };
});

requestResponseCompliance("NetworkHub", async served => {
  const hub = new NetworkHub();
  const members = served.map((protocols, index) => {
    const member = hub.join(`m${index}`);
    if (protocols.txs) member.serve("txs", protocols.txs);
    return { id: member.name, requests: member };
  });
  return { members, close: async () => {} };
});

describe("NetworkHub", () => {
  it("delivers a message once to every other member, after the latency", async () => {
    const { clock, log, member } = network(["a", "b", "c"], { latencyMs: ({ to }) => (to === "b" ? 30 : 20) });
    await member("a").publish("tx", Uint8Array.of(1));
    await member("a").publish("tx", Uint8Array.of(1));
    await clock.advance(19);
    expect(log).to.deep.equal([]);
    await clock.advance(100);
    expect(log).to.deep.equal(["20 a>c 1", "30 a>b 1"]);
    await member("b").publish("block_proposal", Uint8Array.of(1));
    await clock.advance(100);
    expect(log.length).to.equal(2);
  });

  it("without a clock delivers by microtasks", async () => {
    const hub = new NetworkHub();
    const got: string[] = [];
    const [a, b] = [hub.join("a"), hub.join("b")];
    b.subscribe("tx", ({ from }) => (got.push(from), accept));
    await a.publish("tx", new Uint8Array());
    await settle();
    expect(got).to.deep.equal(["a"]);
  });

  it("passes on what is accepted, not what is ignored or rejected, and lowers the score of who sent that", async () => {
    const lossy = { drop: ({ from, to }: { from: string; to: string }) => from === "a" && to === "c" };
    for (const [verdict, reaches, score] of [
      [accept, true, 0],
      [{ result: "ignore", code: "OLD" }, false, 0],
      [{ result: "reject", code: "BAD" }, false, -10],
    ] as const) {
      const { clock, log, member } = network(["a", "b", "c"], lossy, name => (name === "b" ? verdict : accept));
      await member("a").publish("tx", Uint8Array.of(1));
      await clock.advance(0);
      expect(log.includes("0 b>c 1")).to.equal(reaches);
      expect(member("b").scoreOf("a")).to.equal(score);
      expect([...member("b").refusals]).to.deep.equal(verdict.result === "accept" ? [] : [[verdict.code, 1]]);
    }
  });

  it("a throwing handler ignores, and mutating a message is one's own affair", async () => {
    const hub = new NetworkHub();
    const [a, b, c] = [hub.join("a"), hub.join("b"), hub.join("c")];
    b.subscribe("tx", ({ data }) => {
      data.fill(9);
      throw new CodedError("BROKEN", "broken");
    });
    let seen: Uint8Array | undefined;
    c.subscribe("tx", ({ data }) => ((seen = data), accept));
    const data = Uint8Array.of(1);
    await a.publish("tx", data);
    data.fill(8);
    await settle();
    expect(seen).to.deep.equal(Uint8Array.of(1));
    expect(b.refusals.get("BROKEN")).to.equal(1);
    expect(() => b.subscribe("tx", () => accept))
      .to.throw()
      .with.property("code", "NETWORK_TAKEN");
    expect(() => hub.join("a"))
      .to.throw()
      .with.property("code", "NETWORK_TAKEN");
  });

  it("partitions cut what is on its way, too; after healing the parts hear each other", async () => {
    const { clock, hub, log, member } = network(["a", "b", "c", "d"], { latencyMs: () => 10 });
    await member("a").publish("tx", Uint8Array.of(1));
    hub.partition([["a", "b"]]);
    expect([member("a").peers(), member("c").peers()]).to.deep.equal([["b"], ["d"]]);
    await clock.advance(20);
    expect(log).to.deep.equal(["10 a>b 1"]);
    hub.heal();
    await member("a").publish("tx", Uint8Array.of(1));
    await clock.advance(20);
    expect(log.slice(1)).to.deep.equal(["30 a>c 1", "30 a>d 1"]);
    member("d").leave();
    await member("a").publish("tx", Uint8Array.of(2));
    await clock.advance(20);
    expect(log.slice(3)).to.deep.equal(["50 a>b 2", "50 a>c 2"]);
  });

  it("is the same every run, also with losses", async () => {
    const run = async (seed: number) => {
      const random = new SeededRandom(seed);
      const names = Array.from({ length: 12 }, (_, i) => `n${i}`);
      const { clock, log, member } = network(names, {
        latencyMs: () => (random.bytes(1)[0] as number) % 50,
        drop: () => (random.bytes(1)[0] as number) < 100,
      });
      for (let i = 0; i < 20; i++) await member(`n${i % 12}`).publish("tx", Uint8Array.of(i));
      await clock.advance(1000);
      return log;
    };
    expect(await run(1)).to.deep.equal(await run(1));
    expect(await run(1)).not.to.deep.equal(await run(2));
  });
});

describe("NetworkHub requests", () => {
  const network2 = (settings: NetworkHubSettings = {}) => {
    const net = network(["a", "b"], { latencyMs: () => 10, requestTimeoutMs: 500, ...settings });
    net.member("b").serve("txs", async ({ data, from }) => {
      if (data.length === 0) throw new CodedError("NO_SUCH_TX", "secret text");
      return Uint8Array.of(...data, from.length);
    });
    return net;
  };

  it("bring the answer after both ways", async () => {
    const { clock, member } = network2();
    let at = -1;
    const answer = member("a")
      .request("b", { protocol: "txs", data: Uint8Array.of(5) })
      .finally(() => (at = clock.nowMs()));
    await clock.advance(100);
    expect(await answer).to.deep.equal(Uint8Array.of(5, 1));
    expect([at, clock.pendingTimers]).to.deep.equal([20, 0]);
  });

  it("fail with a code: refused, gone, lost, aborted", async () => {
    const { clock, hub, member } = network2();
    const results = [
      member("a").request("b", { protocol: "txs", data: new Uint8Array() }),
      member("a").request("b", { protocol: "ping", data: new Uint8Array() }),
    ].map(caught);
    await clock.advance(100);
    expect(await results[0]).to.deep.include({ code: "NETWORK_REFUSED", message: "b refused txs: NO_SUCH_TX" });
    expect(await results[1]).to.include({ code: "NETWORK_REFUSED" });
    expect(await caught(member("a").request("z", { protocol: "ping", data: new Uint8Array() }))).to.include({
      code: "NETWORK_PEER_GONE",
    });
    const lost = caught(member("a").request("b", { protocol: "txs", data: new Uint8Array() }));
    hub.partition([["a"], ["b"]]);
    await clock.advance(600);
    expect(await lost).to.include({ code: "NETWORK_TIMEOUT" });
    hub.heal();
    const controller = new AbortController();
    const aborted = caught(member("a").request("b", { protocol: "txs", data: new Uint8Array() }, controller.signal));
    controller.abort();
    expect(await aborted).to.include({ code: "RUNTIME_ABORTED" });
    await clock.advance(600);
    const hubWithoutClock = new NetworkHub({}, { drop: () => true });
    hubWithoutClock.join("b");
    expect(
      await caught(hubWithoutClock.join("a").request("b", { protocol: "ping", data: new Uint8Array() })),
    ).to.include({ code: "NETWORK_TIMEOUT" });
  });

  it("peers are listed best score first", () => {
    const { member } = network(["a", "b", "c", "d"]);
    member("a").penalize("b", "severe", "X");
    member("a").penalize("c", "mild", "X");
    expect(member("a").peers()).to.deep.equal(["d", "c", "b"]);
  });
});
