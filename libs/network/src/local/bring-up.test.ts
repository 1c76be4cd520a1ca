import { expect } from "chai";
import { FakeHost } from "../test/fake-host.js";
import { PROCESS_BYTES } from "../plan/network-limits.js";
import { bringUp, type UpOptions } from "./bring-up.js";
import { takeDown } from "./take-down.js";

const directory = "/net";
const everything = ["l1", "deploy", "bootnode", "prover-1", "validator-1", "validator-2", "validator-3", "validator-4"];

describe("bringing a network up", () => {
  let host: FakeHost;
  const lines: string[] = [];
  const up = (options: Partial<UpOptions> = {}) =>
    bringUp(host, {
      directory,
      given: {},
      waitMs: 60_000,
      signal: new AbortController().signal,
      onProgress: line => lines.push(line),
      ...options,
    });
  const failure = async (options: Partial<UpOptions> = {}) =>
    up(options).then(
      () => expect.fail("it should have failed"),
      (error: { code: string; message: string }) => error,
    );

  beforeEach(() => {
    host = new FakeHost();
    lines.length = 0;
  });

  it("starts every process in its order, each once, and says so", async () => {
    const { started } = await up();
    expect(started).to.deep.equal(everything);
    expect(host.names()).to.deep.equal(everything);
    expect(lines.join("\n"))
      .to.contain("SIMULATED")
      .and.contain("validator-1, validator-2, validator-3, validator-4: ready");
  });

  it("keys are in the environment, never among the arguments or in the network's file", async () => {
    await up({ given: { agents: 1 } });
    const { args, environment } = host.process("validator-1").start;
    expect(environment).to.include.keys("MNEMONIC");
    expect(args.join(" ")).to.not.contain("junk");
    expect(host.process("agent-1").start.environment.PROVER_BROKER_TOKEN)
      .to.equal(host.process("prover-1").start.environment.PROVER_BROKER_TOKEN)
      .and.have.length.above(15);
    expect(host.disk.get("/net/network.json")).to.not.contain("junk").and.not.contain("token".repeat(2));
  });

  it("a second time it starts nothing, and after a kill what is missing; contracts only once", async () => {
    await up();
    expect((await up()).started).to.deep.equal([]);
    host.process("validator-2").running = false;
    expect((await up({ given: { sequencers: 4 } })).started).to.deep.equal(["validator-2"]);
    expect(host.names().filter(name => name === "deploy")).to.deep.equal(["deploy"]);
  });

  it("a recycled number is another process", async () => {
    await up();
    const old = host.process("validator-2");
    old.running = false;
    host.started.push({ ...old, started: "later", running: true, signals: [] });
    expect((await up()).started).to.deep.equal(["validator-2"]);
    await takeDown(host, {
      directory,
      waitMs: 1_000,
      purge: false,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(host.started.find(({ started }) => started === "later")?.signals).to.deep.equal([]);
  });

  it("what an up that was killed had no time to note is found, not started twice; down ends it too", async () => {
    host.findable = true;
    await up();
    const path = "/net/network.json";
    const content = JSON.parse(host.disk.get(path) as string) as { processes: Record<string, unknown> };
    const { "validator-2": _, ...processes } = content.processes;
    const forgetful = JSON.stringify({ ...content, processes });
    host.disk.set(path, forgetful);
    host.takenPorts.add(8083);
    expect((await up()).started).to.deep.equal([]);
    expect(host.disk.get(path)).to.contain("validator-2");
    host.disk.set(path, forgetful);
    const signal = new AbortController().signal;
    const quiet = () => undefined;
    const { stopped } = await takeDown(host, { directory, waitMs: 1_000, purge: false, signal, onProgress: quiet });
    expect(stopped).to.include("validator-2");
    expect(host.process("validator-2").running).to.equal(false);
  });

  it("refuses other parameters and names them; nothing is started or written", async () => {
    await up();
    const before = host.disk.get("/net/network.json");
    const { code, message } = await failure({ given: { sequencers: 5, preset: "local", proving: "real" } });
    expect(code).to.equal("NETWORK_OTHER_PARAMETERS");
    expect(message).to.contain("--sequencers 5 (it has 4)").and.contain("--proving real").and.not.contain("--preset");
    expect(host.disk.get("/net/network.json")).to.equal(before);
  });

  it("refuses a folder with other things in it", async () => {
    host.disk.set("/net/thesis.tex", "mine");
    const { code, message } = await failure();
    expect(code).to.equal("NETWORK_NOT_A_NETWORK");
    expect(message).to.contain("thesis.tex").and.contain("--dir");
    expect([...host.disk.keys()]).to.deep.equal(["/net/thesis.tex"]);
  });

  it("refuses too little memory, a taken port and wrong parameters before anything is written", async () => {
    host.free = 7 * PROCESS_BYTES - 1;
    expect((await failure()).code).to.equal("NETWORK_NO_MEMORY");
    host.free = 7 * PROCESS_BYTES;
    host.takenPorts.add(20_402);
    const { code, message } = await failure();
    expect([code, message.includes("20402"), message.includes("--port-offset")]).to.deep.equal([
      "NETWORK_PORT_TAKEN",
      true,
      true,
    ]);
    host.takenPorts.clear();
    // Only gossip uses UDP: nobody minds who has an RPC port there.
    host.takenUdpPorts.add(20_402).add(8082);
    expect((await failure()).message)
      .to.contain("20402")
      .and.not.contain("8082");
    host.takenUdpPorts.delete(20_402);
    expect((await failure({ given: { committeeSize: 9 } })).code).to.equal("NETWORK_BAD_PARAMETERS");
    expect(host.disk.size).to.equal(0);
    await up();
  });

  it("memory counts only for what has to be started", async () => {
    await up();
    host.process("validator-2").running = false;
    host.free = PROCESS_BYTES;
    expect((await up()).started).to.deep.equal(["validator-2"]);
  });

  it("a process that ends is told with its last lines; the same command continues", async () => {
    host.failing.add("prover-1");
    const { code, message } = await failure();
    expect(code).to.equal("NETWORK_PROCESS_ENDED");
    expect(message).to.contain("prover-1").and.contain("hello").and.contain("/net/prover-1/log");
    host.failing.clear();
    expect((await up()).started).to.deep.equal(everything.slice(3));
  });

  it("a process that does not get ready is told after --wait, with what it lacks", async () => {
    host.unready.add("validator-3");
    const start = host.clock.nowMs();
    const { code, message } = await failure({ waitMs: 30_000 });
    expect(code).to.equal("NETWORK_NOT_READY");
    expect(message).to.contain("validator-3").and.contain("NODE_NOT_SYNCED").and.contain("--wait");
    expect(host.clock.nowMs() - start).to.be.within(30_000, 120_000);
  });

  it("a validator waits for its peers", async () => {
    host.peers.set("validator-1", 2);
    expect((await failure({ waitMs: 5_000 })).message).to.contain("it has 2 of 3 peers");
    host.peers.set("validator-1", 3);
    await up();
  });

  it("contracts that fail are told, and deployed by the next start", async () => {
    host.failing.add("deploy");
    expect((await failure()).message).to.contain("deploy failed");
    host.failing.clear();
    expect((await up()).started).to.deep.equal(everything.slice(1));
  });

  it("interrupted anywhere, what runs goes on, and the next start does the rest", async () => {
    for (const [i, name] of everything.entries()) {
      host = new FakeHost();
      const controller = new AbortController();
      host.onStart = started => {
        if (started === name) controller.abort("SIGINT");
      };
      const reason = await up({ signal: controller.signal }).then(
        () => "nothing",
        () => "an interruption",
      );
      expect(reason, name).to.equal("an interruption");
      expect(host.disk.has("/net/network.lock"), name).to.equal(false);
      host.onStart = () => undefined;
      const { started } = await up();
      // Contracts that were being deployed are deployed by now.
      const rest = everything.slice(i + 1);
      expect(started, name).to.deep.equal(rest);
      const alive = host.started.filter(({ running }) => running).map(({ start }) => start.folder);
      expect(new Set(alive).size, name).to.equal(7);
      expect(alive.length, name).to.equal(7);
    }
  });

  it("of two at the same time the second is refused; what a killed one left does not count", async () => {
    host.disk.set("/net/network.lock", JSON.stringify(host.own));
    expect((await failure()).code).to.equal("HOST_BUSY");
    expect(host.names()).to.deep.equal([]);
    for (const left of [JSON.stringify({ ...host.own, started: "earlier" }), "", '{"pid":']) {
      host = new FakeHost();
      host.disk.set("/net/network.lock", left);
      await up();
      expect(host.disk.has("/net/network.lock")).to.equal(false);
      expect(host.disk.has("/net/network.lock.turn")).to.equal(false);
    }
  });

  it("one that takes over a left lock is alone in doing so", async () => {
    host.disk.set("/net/network.lock", "");
    host.disk.set("/net/network.lock.turn", "");
    const { code, message } = await failure();
    expect([code, message.includes("network.lock.turn")]).to.deep.equal(["HOST_BUSY", true]);
  });

  it("a damaged or foreign file is refused and stays", async () => {
    for (const text of ["", "{", '{"version":2}', '{"version":1}', '{"version":1,"plan":{},"processes":{}}', "[]"]) {
      host.disk.set("/net/network.json", text);
      const { code, message } = await failure();
      expect(code, text).to.equal("NETWORK_BAD_FILE");
      expect(message).to.contain("/net/network.json").and.contain("put back");
      expect(host.disk.get("/net/network.json")).to.equal(text);
    }
  });

  it("a file that names a process which is not in its plan is damaged", async () => {
    await up();
    const content = JSON.parse(host.disk.get("/net/network.json") as string) as { processes: Record<string, unknown> };
    const { l1 } = content.processes;
    for (const processes of [
      { "../x": l1 },
      { l1: { ...(l1 as object), pid: 1 } },
      { l1: { ...(l1 as object), pid: -7 } },
    ]) {
      host.disk.set("/net/network.json", JSON.stringify({ ...content, processes }));
      expect((await failure()).code).to.equal("NETWORK_BAD_FILE");
    }
  });

  it("so is one whose plan names a process twice, never or without a port", async () => {
    await up();
    const text = host.disk.get("/net/network.json") as string;
    type Plan = { processes: Record<string, unknown>[]; waves: string[][] };
    for (const damage of [
      ({ processes }) => processes.push({ ...processes[0] }),
      ({ waves }) => waves.pop(),
      ({ waves }) => waves.push(["l1"]),
      ({ processes }) => delete processes[0]?.port,
      ({ processes }) => Object.assign(processes[0] as object, { port: 65_536 }),
    ] satisfies ((plan: Plan) => unknown)[]) {
      const content = JSON.parse(text) as { plan: Plan };
      damage(content.plan);
      host.disk.set("/net/network.json", JSON.stringify(content));
      expect((await failure()).code, String(damage)).to.equal("NETWORK_BAD_FILE");
    }
  });
});
