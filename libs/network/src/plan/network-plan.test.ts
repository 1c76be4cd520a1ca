import { presets } from "@sprtn/deployment";
import { Seconds } from "@sprtn/primitives";
import { expect } from "chai";
import fc from "fast-check";
import { parameterNotices, parameterProblems } from "./check-parameters.js";
import { checkMemory, memoryNeeded } from "./memory.js";
import { denseBytes, PROCESS_BYTES, PROVING_BYTES } from "./network-limits.js";
import { differences, type GivenParameters, parametersFrom } from "./network-parameters.js";
import { type NetworkPlan, planNetwork } from "./network-plan.js";
import { denseShares } from "./dense-shares.js";

const plan = (given: GivenParameters = {}, cores = 2): NetworkPlan => planNetwork(parametersFrom(given), { cores });
const names = ({ processes }: NetworkPlan) => processes.map(({ name }) => name);
const named = ({ processes }: NetworkPlan, name: string) => {
  const found = processes.find(each => each.name === name);
  if (found === undefined) expect.fail(`there is no ${name}`);
  return found;
};
const problems = (given: GivenParameters) => parameterProblems(parametersFrom(given));

describe("a network's parameters", () => {
  it("follow from the preset, and what is given takes its place", () => {
    expect(parametersFrom({})).to.deep.equal({
      preset: "local",
      sequencers: 4,
      provers: 1,
      pxes: 0,
      slotDuration: 8,
      epochDuration: 8,
      committeeSize: 4,
      p2p: true,
      proving: "simulated",
      fees: true,
      cluster: "local",
      agents: 0,
      portOffset: 0,
    });
    expect(parametersFrom({ preset: "phase2", slotDuration: Seconds(12) })).to.deep.include({
      sequencers: 128,
      committeeSize: 16,
      slotDuration: 12,
      epochDuration: 32,
    });
  });

  it("a smaller network has a smaller committee, and without proving no prover", () => {
    expect(parametersFrom({ preset: "sprtn", sequencers: 5 }).committeeSize).to.equal(5);
    expect(parametersFrom({ preset: "sprtn", sequencers: 17 }).committeeSize).to.equal(16);
    expect(parametersFrom({ proving: "off" }).provers).to.equal(0);
  });

  it("each rule: what breaks it names the remedy, and its boundary holds", () => {
    for (const [broken, remedy, holding] of [
      [{ sequencers: 3, committeeSize: 4 }, "--committee-size", { sequencers: 4, committeeSize: 4 }],
      [{ p2p: false, sequencers: 2 }, "--sequencers 1", { p2p: false, sequencers: 1 }],
      [{ p2p: false, sequencers: 1, pxes: 1 }, "--pxes 0", { p2p: false, sequencers: 1, pxes: 0 }],
      [{ p2p: false, sequencers: 1, provers: 2 }, "--provers 1", { p2p: false, sequencers: 1, provers: 0 }],
      [{ p2p: false, sequencers: 1, agents: 1 }, "--agents 0", { p2p: false, sequencers: 1, agents: 0 }],
      [{ agents: 1, provers: 0 }, "--provers 1", { agents: 1, provers: 1 }],
      [{ agents: 2, provers: 3 }, "--agents 3", { agents: 3, provers: 3 }],
      [{ proving: "off", provers: 1 }, "--provers 0", { proving: "off", provers: 0 }],
      [{ cluster: "dense", sequencers: 2 }, "--sequencers 3", { cluster: "dense", sequencers: 3 }],
      [
        { cluster: "kubernetes", p2p: false, sequencers: 1 },
        "--cluster compose",
        { cluster: "compose", p2p: false, sequencers: 1 },
      ],
      [{ slotDuration: Seconds(1201) }, "--slot-duration", { slotDuration: Seconds(1200) }],
      [{ sequencers: 399 }, "--cluster dense", { sequencers: 398 }],
      [{ sequencers: 398, pxes: 1 }, "--cluster dense", { sequencers: 397, pxes: 1 }],
    ] as const) {
      expect(problems(broken).join(), JSON.stringify(broken)).to.contain(remedy);
      expect(problems(holding), JSON.stringify(holding)).to.deep.equal([]);
    }
    expect(problems({ pxes: 0, provers: 0 })).to.deep.equal([]);
    expect(problems({ cluster: "dense", sequencers: 1024 })).to.deep.equal([]);
  });

  it("all problems are told at once", () => {
    expect(() => plan({ sequencers: 2, committeeSize: 3, p2p: false }))
      .to.throw()
      .with.property("message")
      .that.matches(/committee of 3[^]*--p2p off/);
  });

  it("what anybody can forge or nobody proves is told", () => {
    const notices = (given: GivenParameters) => parameterNotices(parametersFrom(given)).join();
    expect(notices({})).to.contain("SIMULATED");
    expect(notices({ proving: "real" }))
      .to.contain("DEV CRS")
      .and.not.contain("SIMULATED");
    expect(notices({ provers: 0 })).to.contain("nobody proves");
    expect(notices({ fees: false })).to.contain("fees are off");
  });

  it("only what is given and differs is a difference", () => {
    const deployed = parametersFrom({ sequencers: 4 });
    expect(differences({}, deployed)).to.deep.equal([]);
    expect(differences({ sequencers: 4, preset: "local" }, deployed)).to.deep.equal([]);
    expect(differences({ sequencers: 5, p2p: false, committeeSize: 3 }, deployed)).to.deep.equal([
      "--sequencers 5 (it has 4)",
      "--committee-size 3 (it has 4)",
      "--p2p off (it has on)",
    ]);
  });
});

describe("a network's plan", () => {
  it("local: L1, contracts, bootnode, prover, validators, in waves", () => {
    const local = plan({ sequencers: 5, pxes: 1, agents: 2 });
    expect(local.waves).to.deep.equal([
      ["l1"],
      ["deploy"],
      ["bootnode"],
      ["prover-1"],
      ["agent-1", "agent-2"],
      ["validator-1", "validator-2", "validator-3", "validator-4"],
      ["validator-5"],
      ["pxe-1"],
    ]);
    expect(names(local)).to.deep.equal(local.waves.flat());
    expect(named(local, "validator-2")).to.deep.include({
      program: "node",
      args: ["--node", "--sequencer"],
      secrets: ["MNEMONIC"],
      port: 8085,
      p2pPort: 20_403,
      account: 4,
    });
    expect(named(local, "validator-2").environment).to.include({
      BOOTNODE_URL: "http://127.0.0.1:8080",
      PROVER_CLIENT_URL: "http://127.0.0.1:8081",
      ETHEREUM_HOST: "http://127.0.0.1:8545",
      AZTEC_PORT: "8085",
      P2P_TCP_LISTEN_ADDR: "127.0.0.1:20403",
      MNEMONIC_INDEX: "4",
      DATA_DIRECTORY: "data",
    });
    expect(named(local, "prover-1").environment).to.include({ PROVER_AGENT_ENABLED: "false", MNEMONIC_INDEX: "1" });
    expect(named(local, "agent-2").environment).to.include({ PROVER_BROKER_HOST: "http://127.0.0.1:8081" });
    expect(named(local, "pxe-1")).to.deep.include({ args: ["--node", "--pxe"], secrets: [] });
  });

  it("what is deployed is what was chosen", () => {
    const { environment } = named(plan({ preset: "sprtn", sequencers: 7, proving: "real", fees: false }), "deploy");
    expect(environment).to.deep.include({
      DEPLOY_PRESET: "sprtn",
      DEPLOY_VALIDATOR_COUNT: "7",
      DEPLOY_VALIDATOR_INDEX: "3",
      DEPLOY_SLOT_DURATION: "24",
      DEPLOY_EPOCH_DURATION: "32",
      DEPLOY_COMMITTEE_SIZE: "7",
      DEPLOY_PROOFS: "real",
      DEPLOY_FEES: "off",
    });
    expect(named(plan(), "deploy").environment)
      .to.include({ DEPLOY_PROOFS: "simulated" })
      .and.not.have.any.keys("DEPLOY_FEES");
  });

  it("several provers: each has an account with ether, agents and validators of its own", () => {
    const three = plan({ provers: 3, agents: 4, sequencers: 4 });
    expect(["prover-1", "prover-2", "prover-3"].map(name => named(three, name).account)).to.deep.equal([1, 7, 8]);
    expect(three.accounts).to.equal(9);
    const hosts = [1, 2, 3, 4].map(number => named(three, `agent-${number}`).environment.PROVER_BROKER_HOST);
    expect(hosts.map(url => Number(url?.slice(-4)))).to.deep.equal([8081, 8082, 8083, 8081]);
    const clients = [1, 2, 3, 4].map(number => named(three, `validator-${number}`).environment.PROVER_CLIENT_URL);
    expect(clients.map(url => Number(url?.slice(-4)))).to.deep.equal([8081, 8082, 8083, 8081]);
  });

  it("without P2P: one process, which proves too", () => {
    const alone = plan({ sequencers: 1, p2p: false });
    expect(names(alone)).to.deep.equal(["l1", "deploy", "validator-1"]);
    const { args, environment, minPeers, p2pPort, secrets } = named(alone, "validator-1");
    expect(args).to.deep.equal(["--node", "--sequencer", "--prover-node"]);
    expect(environment).to.include({ P2P_ENABLED: "false", DEPLOYMENT_FILE: "../deployment.json" });
    expect([minPeers, p2pPort, secrets]).to.deep.equal([0, undefined, ["MNEMONIC", "PROVER_BROKER_TOKEN"]]);
    expect(named(plan({ sequencers: 1, p2p: false, provers: 0 }), "validator-1").args).to.deep.equal([
      "--node",
      "--sequencer",
    ]);
  });

  it("dense: a process a core, two controls, and every validator once", () => {
    const dense = plan({ preset: "phase2", cluster: "dense" }, 3);
    expect(dense.waves.slice(4)).to.deep.equal([
      ["dense-1", "dense-2", "dense-3"],
      ["control-1", "control-2"],
    ]);
    expect(named(dense, "dense-2")).to.deep.include({
      args: ["--dense", "42..83", "--node", "--sequencer"],
      account: 3,
      validators: { first: 42, count: 42 },
      p2pPort: 20_403,
      memoryBytes: denseBytes(42),
    });
    expect(named(dense, "control-2")).to.deep.include({ account: 3 + 127, validators: { first: 127, count: 1 } });
    expect(named(dense, "control-2").args).to.deep.equal(["--node", "--sequencer"]);
  });

  it("nobody waits for more peers than have been started", () => {
    const waited = (given: GivenParameters) =>
      Object.fromEntries(
        plan(given).processes.flatMap(({ name, minPeers }) => (minPeers > 0 ? [[name, minPeers]] : [])),
      );
    expect(waited({ sequencers: 1 })).to.deep.equal({ "validator-1": 1 });
    expect(waited({ sequencers: 1, provers: 0, pxes: 1 })).to.deep.equal({ "pxe-1": 1 });
    expect(waited({ sequencers: 2, provers: 0 })).to.deep.equal({ "validator-1": 1, "validator-2": 1 });
    expect(waited({ sequencers: 3, cluster: "dense" })).to.deep.equal({ "dense-1": 1, "control-1": 3, "control-2": 3 });
  });

  it("memory: 0.35 GiB a process, 2 GiB for 128 validators in one", () => {
    const gib = 2 ** 30;
    expect(memoryNeeded(plan().processes)).to.equal(7 * PROCESS_BYTES);
    expect(denseBytes(128)).to.equal(2 * gib);
    expect(denseBytes(64)).to.equal(gib);
    expect(denseBytes(1)).to.equal(PROCESS_BYTES);
    const { processes } = plan();
    const parameters = parametersFrom({});
    checkMemory(processes, { freeBytes: 7 * PROCESS_BYTES, parameters });
    expect(() => checkMemory(processes, { freeBytes: 7 * PROCESS_BYTES - 1, parameters }))
      .to.throw("7 processes cannot start: 2.5 GiB")
      .with.property("message")
      .that.contains("--cluster dense");
    expect(() => checkMemory(processes, { freeBytes: 0, parameters: { ...parameters, cluster: "dense" } }))
      .to.throw("--sequencers")
      .with.property("message")
      .that.does.not.contain("--cluster dense");
  });

  it("memory: whoever makes real proofs needs 3 GiB more, and nobody else", () => {
    const bytes = (given: GivenParameters, name: string) =>
      named(plan({ proving: "real", ...given }), name).memoryBytes;
    expect(bytes({}, "prover-1")).to.equal(PROCESS_BYTES + PROVING_BYTES);
    expect(bytes({}, "validator-1")).to.equal(PROCESS_BYTES);
    expect(bytes({ agents: 1 }, "prover-1")).to.equal(PROCESS_BYTES);
    expect(bytes({ agents: 1 }, "agent-1")).to.equal(PROCESS_BYTES + PROVING_BYTES);
    expect(bytes({ p2p: false, sequencers: 1 }, "validator-1")).to.equal(PROCESS_BYTES + PROVING_BYTES);
    expect(bytes({ proving: "simulated" }, "prover-1")).to.equal(PROCESS_BYTES);
    const parameters = parametersFrom({ proving: "real" });
    const { processes } = plan({ proving: "real" });
    expect(() => checkMemory(processes, { freeBytes: 5 * 2 ** 30, parameters })).to.throw("--proving simulated");
  });

  it("every network: ports, accounts, names and validators are each given once", () => {
    const parameters = fc.record({
      preset: fc.constantFrom(...(Object.keys(presets) as (keyof typeof presets)[])),
      sequencers: fc.integer({ min: 3, max: 300 }),
      provers: fc.integer({ min: 0, max: 4 }),
      pxes: fc.integer({ min: 0, max: 4 }),
      agents: fc.integer({ min: 0, max: 6 }),
      cluster: fc.constantFrom("local", "dense"),
      portOffset: fc.integer({ min: 0, max: 10_000 }),
    });
    fc.assert(
      fc.property(parameters, fc.integer({ min: 1, max: 64 }), (given, cores) => {
        fc.pre(problems(given).length === 0);
        const planned = plan(given, cores);
        const once = (values: readonly unknown[], what: string) =>
          expect(new Set(values).size, what).to.equal(values.length);
        const ports = planned.processes.flatMap(({ port, p2pPort }) => [
          ...(port === undefined ? [] : [port]),
          ...(p2pPort === undefined ? [] : [p2pPort]),
        ]);
        once(ports, "ports");
        expect(Math.max(...ports)).to.be.at.most(32_767);
        once(names(planned), "names");
        once(planned.waves.flat(), "names in waves");
        expect(planned.waves.flat()).to.have.members(names(planned));
        const validators = planned.processes.flatMap(({ validators: own }) =>
          own === undefined ? [] : Array.from({ length: own.count }, (_, i) => own.first + i),
        );
        expect(validators.toSorted((a, b) => a - b)).to.deep.equal(
          Array.from({ length: given.sequencers }, (_, i) => i),
        );
        once(
          planned.processes.flatMap(({ account, role }) =>
            account === undefined || role === "dense" ? [] : [account],
          ),
          "accounts",
        );
        expect(JSON.stringify(planned)).to.not.contain("junk");
      }),
      { numRuns: 40 },
    );
  });

  it("dense shares are even, and none is empty", () => {
    expect(denseShares(126, 2)).to.deep.equal([
      { first: 0, count: 63 },
      { first: 63, count: 63 },
    ]);
    expect(denseShares(1, 8)).to.deep.equal([{ first: 0, count: 1 }]);
    expect(denseShares(3, 2).map(({ count }) => count)).to.deep.equal([1, 2]);
  });
});
