import { validatorRegistryAbi } from "@sprtn/contracts";
import { expect } from "chai";
import { Interface } from "ethers";
import type { Finding } from "../doctor/check.js";
import { envText } from "../installation/env-text.js";
import { envVariables } from "../installation/env-variables.js";
import type { Installation } from "../installation/installation.js";
import { validatorStates, type ValidatorState } from "../l1/validator-state.js";
import { recordPath } from "../supervise/run-record.js";
import { ADDRESS, BOOTNODE, L1, validator, withNetwork } from "../test/example.js";
import { FakeOperatorHost, identityOf } from "../test/fake-operator-host.js";
import { checkNames, doctor, doctorText } from "./doctor.js";

const DIRECTORY = "/srv/v1";
const RPC = "http://127.0.0.1:8080";
const registry = new Interface(validatorRegistryAbi);

/** How a check is broken, and what it says then; `ok` for what just holds. */
type Case = readonly [check: string, state: Finding["state"], what: string, (host: FakeOperatorHost) => void];

const install = (host: FakeOperatorHost, changes: Partial<Installation> = {}) =>
  host.disk.set(`${DIRECTORY}/.env`, envText(envVariables({ ...validator, ...changes }), undefined));
const set = (host: FakeOperatorHost, further: Record<string, string>) => install(host, { further });
const l1 = (host: FakeOperatorHost, methods: Record<string, (params: readonly unknown[]) => unknown>) =>
  host.endpoints.set(L1, { ...host.endpoints.get(L1), ...methods });
const headAt = (host: FakeOperatorHost, ageSeconds: number) =>
  l1(host, {
    eth_getBlockByNumber: () => ({
      number: "0x64",
      timestamp: `0x${Math.round(host.clock.nowMs() / 1000 - ageSeconds).toString(16)}`,
    }),
  });
const member = (host: FakeOperatorHost, state: ValidatorState) =>
  l1(host, {
    eth_call: () =>
      registry.encodeFunctionResult("getValidator", [[ADDRESS, validatorStates.indexOf(state), 0, 9, 10n ** 18n]]),
  });
const bootnode = (host: FakeOperatorHost, changes: object) => {
  const before = host.endpoints.get(BOOTNODE)?.node_getNodeInfo?.([]) as object;
  host.endpoints.set(BOOTNODE, { node_getNodeInfo: () => ({ ...before, ...changes }) });
};
const runs = (host: FakeOperatorHost) => {
  host.running.add(8);
  const record = {
    version: 1,
    supervisor: identityOf(7),
    node: identityOf(8),
    state: "running",
    sinceMs: 0,
    restarts: 0,
  };
  host.disk.set(recordPath(DIRECTORY), JSON.stringify(record));
  host.pages.set(`${RPC}/ready`, { status: 200, body: {} });
  host.endpoints.set(RPC, { node_getPeers: () => [{}] });
};
const facts = (host: FakeOperatorHost, changes: object) => {
  host.machine = { ...host.machine, ...changes };
};
const slowDisk = (ms: number) => (host: FakeOperatorHost) => {
  const { replace } = host.files;
  host.files.replace = async (path, text) => {
    host.wait(path.endsWith("-time") ? ms : 0);
    return replace(path, text);
  };
};
const agent = (host: FakeOperatorHost, changes: Partial<Installation> = {}) =>
  install(host, { role: "prover-agent", privateKey: undefined, brokerUrl: "http://prover:8080", ...changes });

const cases: readonly Case[] = [
  ["node-version", "fail", "20.18", host => facts(host, { nodeVersion: "20.18.9" })],
  ["node-version", "ok", "20.19", host => facts(host, { nodeVersion: "20.19.0" })],
  ["node-version", "fail", "18.20", host => facts(host, { nodeVersion: "18.20.0" })],
  ["memory", "fail", "300 MiB", host => facts(host, { freeMemoryBytes: 300 * 2 ** 20 })],
  ["memory", "ok", "400 MiB", host => facts(host, { freeMemoryBytes: 400 * 2 ** 20 })],
  ["memory", "fail", "3 GiB for a prover", host => [agent(host), facts(host, { freeMemoryBytes: 3 * 2 ** 30 })]],
  ["descriptors", "fail", "1023", host => facts(host, { openFiles: 1_023 })],
  ["descriptors", "warn", "1024", host => facts(host, { openFiles: 1_024 })],
  ["descriptors", "ok", "4096", host => facts(host, { openFiles: 4_096 })],
  ["disk", "fail", "below 1 GiB", host => (host.freeDisk = 2 ** 30 - 1)],
  ["disk", "warn", "below 10 GiB", host => (host.freeDisk = 2 ** 30)],
  [
    "writable",
    "fail",
    "a disk that can only be read",
    host => (host.files.replace = async () => Promise.reject(new Error("EROFS"))),
  ],
  ["write-time", "fail", "101 ms", slowDisk(101)],
  ["write-time", "ok", "100 ms", slowDisk(100)],
  ["write-time", "warn", "101 ms of a node that signs nothing", host => [agent(host), slowDisk(101)(host)]],
  ["env-mode", "fail", "0640", host => host.modes.set(`${DIRECTORY}/.env`, 0o640)],
  ["env-mode", "ok", "0400", host => host.modes.set(`${DIRECTORY}/.env`, 0o400)],
  ["settings", "fail", "a value that the node does not take", host => set(host, { BAD: "1" })],
  ["key", "fail", "none", host => install(host, { privateKey: undefined })],
  ["key", "fail", "0", host => install(host, { privateKey: `0x${"0".repeat(64)}` })],
  [
    "key-unique",
    "fail",
    "in the next directory too",
    host => host.disk.set("/srv/v2/.env", host.disk.get(`${DIRECTORY}/.env`) as string),
  ],
  ["rpc-port", "fail", "taken", host => host.takenPorts.add(8080)],
  ["rpc-port", "ok", "taken by the node itself", host => [runs(host), host.takenPorts.add(8080)]],
  ["p2p-tcp", "fail", "taken", host => host.takenPorts.add(40_400)],
  ["p2p-udp", "fail", "taken", host => host.takenUdpPorts.add(40_400)],
  ["ready", "fail", "not ready", host => [runs(host), host.pages.set(`${RPC}/ready`, { status: 503, body: {} })]],
  ["ready", "fail", "silent", host => [runs(host), host.pages.clear()]],
  ["ready", "ok", "ready", runs],
  ["peers", "fail", "none", host => [runs(host), host.endpoints.set(RPC, { node_getPeers: () => [] })]],
  ["peers", "ok", "one", runs],
  ["l1-reach", "fail", "silent", host => host.endpoints.delete(L1)],
  ["l1-reach", "fail", "one of two is silent", host => install(host, { ethereumHosts: [L1, "http://nobody:1"] })],
  ["l1-reach", "fail", "not named", host => install(host, { ethereumHosts: [] })],
  ["l1-chain", "fail", "another", host => l1(host, { eth_chainId: () => "0x1" })],
  ["l1-synced", "fail", "synchronising", host => l1(host, { eth_syncing: () => ({}) })],
  ["l1-synced", "fail", "121 s old", host => headAt(host, 121)],
  ["l1-synced", "ok", "120 s old", host => headAt(host, 120)],
  ["clock", "fail", "3 s behind", host => headAt(host, -3)],
  ["clock", "ok", "2 s behind", host => headAt(host, -2)],
  ["l1-logs", "warn", "refused", host => l1(host, { eth_getLogs: refuse })],
  ["contracts", "fail", "none there", host => l1(host, { eth_getCode: () => "0x" })],
  ["network", "fail", "silent", host => host.endpoints.delete(BOOTNODE)],
  ["version", "warn", "another", host => bootnode(host, { version: "0.0.9" })],
  ["balance", "fail", "nothing", host => l1(host, { eth_getBalance: () => "0x0" })],
  ["balance", "warn", "little", host => l1(host, { eth_getBalance: () => "0x1" })],
  ["validator-set", "fail", "no stake", host => member(host, "none")],
  ["validator-set", "warn", "waits", host => member(host, "pending")],
  ["validator-set", "warn", "leaves", host => member(host, "exiting")],
  ["validator-set", "ok", "active", host => member(host, "active")],
  ["broker", "fail", "silent", host => agent(host)],
  ["broker", "warn", "no token", host => [agent(host), host.pages.set("http://prover:8080/health", up)]],
  [
    "broker",
    "ok",
    "answers",
    host => [agent(host, { brokerToken: "t" }), host.pages.set("http://prover:8080/health", up)],
  ],
];

const up = { status: 200, body: {} };
const refuse = () => {
  throw new Error("too many");
};

describe("doctor", () => {
  let host: FakeOperatorHost;
  const checkSettings = ({ text }: { readonly text: string }) => {
    if (text.includes("BAD=")) throw new Error("BAD is no setting");
  };
  const look = (...only: string[]) => doctor(host, { directory: DIRECTORY, only, version: "0.1.0", checkSettings });
  beforeEach(() => {
    host = withNetwork(new FakeOperatorHost());
    install(host);
    l1(host, { eth_syncing: () => false, eth_getLogs: () => [] });
    headAt(host, 5);
    member(host, "active");
  });

  it("finds nothing in a node that is set up well and does not run", async () => {
    const { findings, verdict } = await look();
    expect(findings.filter(({ state }) => state !== "ok" && state !== "skipped")).to.deep.equal([]);
    expect(findings.filter(({ state }) => state === "skipped").map(({ check }) => check)).to.deep.equal([
      "ready",
      "peers",
      "broker",
    ]);
    expect(verdict).to.equal("ok");
  });

  for (const [check, state, what, break_] of cases)
    it(`${check}: ${what}: ${state}`, async () => {
      break_(host);
      const { findings, verdict } = await look(check);
      expect(findings.map(finding => [finding.check, finding.state, finding.text.length > 0])).to.deep.equal([
        [check, state, true],
      ]);
      expect(verdict).to.equal(state === "fail" ? "failed" : "ok");
    });

  it("has a case in which each check is not content", () => {
    const broken = new Set(cases.filter(([, state]) => state !== "ok").map(([check]) => check));
    expect([...checkNames].filter(name => !broken.has(name))).to.deep.equal([]);
  });

  it("of an endpoint that does not answer, one check tells", async () => {
    host.endpoints.delete(L1);
    const failed = async () =>
      (await look()).findings.filter(({ state }) => state === "fail").map(({ check }) => check);
    expect(await failed()).to.deep.equal(["l1-reach"]);
    host = withNetwork(host);
    l1(host, { eth_syncing: () => false });
    headAt(host, 5);
    host.endpoints.delete(BOOTNODE);
    expect(await failed()).to.deep.equal(["network"]);
  });

  it("an unknown check is wrong usage", async () => {
    const error = await look("clok").catch((cause: unknown) => cause);
    expect(error).to.have.property("code", "OPERATOR_USAGE");
  });

  it("is shown a line a check, with a sum", async () => {
    host.endpoints.delete(BOOTNODE);
    const text = doctorText(await look());
    expect(text)
      .to.match(/^ok {4}node-version {2}/m)
      .and.match(/^FAIL {2}network {7}/m);
    expect(text).to.match(/\d+ checks: \d+ ok, 0 warn, 1 FAIL · /);
  });
});
