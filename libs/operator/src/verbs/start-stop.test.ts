import { HostError, HostErrorCode } from "@sprtn/host";
import { expect } from "chai";
import { envText } from "../installation/env-text.js";
import { envVariables } from "../installation/env-variables.js";
import { recordPath, type RunRecord } from "../supervise/run-record.js";
import { programs, validator } from "../test/example.js";
import { FakeOperatorHost, identityOf } from "../test/fake-operator-host.js";
import { logs } from "./logs.js";
import { start } from "./start.js";
import { stop } from "./stop.js";

const DIRECTORY = "/srv/v1";
const NODE = 4_711;
const { signal } = new AbortController();

describe("start and stop", () => {
  let host: FakeOperatorHost;
  const note = (record: Partial<RunRecord>) =>
    host.disk.set(
      recordPath(DIRECTORY),
      JSON.stringify({
        version: 1,
        supervisor: identityOf(1_001),
        state: "running",
        sinceMs: 0,
        restarts: 0,
        ...record,
      }),
    );
  const up = (waitMs?: number) => start(host, { directory: DIRECTORY, mains: programs.mains, waitMs, signal });
  const down = (timeoutMs = 1_000) => stop(host, { directory: DIRECTORY, timeoutMs, signal });
  const codeOf = async (work: Promise<unknown>) =>
    work.then(
      () => "none",
      (error: unknown) => (error as { code: string }).code,
    );

  beforeEach(() => {
    host = new FakeOperatorHost();
    host.disk.set(`${DIRECTORY}/.env`, envText(envVariables(validator), undefined));
    host.onStart = (_, supervisor) => {
      host.running.add(NODE);
      note({ supervisor, node: identityOf(NODE) });
    };
    // A supervisor ends its node first.
    host.onSignal = pid => {
      if (pid > 1_000 && pid < NODE && !host.stubborn.has(NODE)) host.running.delete(NODE);
    };
  });

  it("starts the supervisor with the role's program, and no secret in its arguments", async () => {
    expect(await up()).to.deep.include({ name: "validator", pid: NODE, ready: false });
    const [started] = host.started;
    expect(started?.args).to.deep.equal([DIRECTORY, programs.mains.node]);
    expect(host.disk.has(`${DIRECTORY}/run/lock`)).to.equal(false);
  });

  it("waits until the node is ready, and no longer than told", async () => {
    expect(await codeOf(up(1_000))).to.equal("OPERATOR_NOT_READY");
    await down();
    host.pages.set("http://127.0.0.1:8080/ready", { status: 200, body: {} });
    expect((await up(1_000)).ready).to.equal(true);
  });

  it("does not wait for what others have to do", async () => {
    const body = { code: "SEQUENCER_KEY_IN_NO_SET", reason: "stake" };
    host.pages.set("http://127.0.0.1:8080/ready", { status: 503, body });
    expect(await up(1_000)).to.deep.include({ ready: false, waitsFor: "stake" });
  });

  it("tells of a node that ends meanwhile", async () => {
    host.onStart = () => note({ node: identityOf(NODE), state: "ended", lastEnd: { code: 2, signal: null, atMs: 0 } });
    host.disk.set(`${DIRECTORY}/run/node.log`, "SETTINGS_INVALID: this and that\n");
    const error = (await up(1_000).catch((cause: unknown) => cause)) as Error & { code: string };
    expect(error.code).to.equal("OPERATOR_ENDED");
    expect(error.message).to.contain("code 2").and.contain("this and that");
  });

  it("a second one is refused, also while only the node runs or another command is at it", async () => {
    await up();
    expect(await codeOf(up())).to.equal("OPERATOR_RUNNING");
    host.running.delete(1_001);
    expect(await codeOf(up())).to.equal("OPERATOR_RUNNING");
    await down();
    host.running.add(999);
    host.disk.set(`${DIRECTORY}/run/lock`, JSON.stringify(identityOf(999)));
    expect(await codeOf(up())).to.equal("HOST_BUSY");
    expect(await codeOf(down())).to.equal("HOST_BUSY");
  });

  it("a folder without a node, or with one for docker, is refused", async () => {
    expect(await codeOf(stop(host, { directory: "/srv/v2", timeoutMs: 1, signal }))).to.equal("OPERATOR_NOT_INSTALLED");
    host.disk.set(`${DIRECTORY}/.env`, envText(envVariables({ ...validator, mode: "docker" }), undefined));
    expect(await codeOf(up())).to.equal("OPERATOR_UNSUPPORTED");
    expect(await codeOf(down())).to.equal("OPERATOR_UNSUPPORTED");
    host.disk.set(`${DIRECTORY}/.env`, "SPRTN_ROLE=node\nnonsense\n");
    expect(await codeOf(up())).to.equal("OPERATOR_BAD_ENV_FILE");
  });

  it("ends supervisor and node by one SIGTERM", async () => {
    await up();
    expect(await down()).to.deep.include({ wasRunning: true, killed: false });
    expect(host.signals).to.deep.equal(["SIGTERM 1001"]);
    expect(await down()).to.deep.include({ wasRunning: false });
  });

  it("kills what does not end in time, the node first", async () => {
    await up();
    host.stubborn.add(NODE).add(1_001);
    expect(await down()).to.deep.include({ wasRunning: true, killed: true });
    expect(host.signals).to.deep.equal(["SIGTERM 1001", `SIGKILL ${NODE}`, "SIGKILL 1001"]);
  });

  it("ends it on a full disk too", async () => {
    await up();
    host.files.create = async () => Promise.reject(new HostError(HostErrorCode.DISK_FULL, "full: free some"));
    expect(await down()).to.deep.include({ wasRunning: true });
  });

  it("ends a node whose supervisor was killed", async () => {
    await up();
    host.running.delete(1_001);
    await down();
    expect(host.signals).to.deep.equal([`SIGTERM ${NODE}`]);
  });

  it("never signals a process that got the number of another", async () => {
    await up();
    note({
      supervisor: { ...identityOf(1_001), started: "earlier" },
      node: { ...identityOf(NODE), started: "earlier" },
    });
    expect(await down()).to.deep.include({ wasRunning: false });
    expect(host.signals).to.deep.equal([]);
  });

  it("a damaged record is refused, and stays", async () => {
    // 0 and 1 stand for a group and for the system.
    const number = (pid: number) => {
      const supervisor = { pid, started: "", boot: "" };
      return JSON.stringify({ version: 1, supervisor, state: "running", sinceMs: 0, restarts: 0 });
    };
    for (const text of [
      number(0),
      number(1),
      "",
      "{",
      "[]",
      '{"version":1}',
      '{"version":1,"supervisor":{"pid":1,"started":"","boot":""}}',
    ]) {
      host.disk.set(recordPath(DIRECTORY), text);
      expect(await codeOf(up()), text).to.equal("OPERATOR_BAD_RECORD");
      expect(await codeOf(down()), text).to.equal("OPERATOR_BAD_RECORD");
      expect(host.disk.get(recordPath(DIRECTORY))).to.equal(text);
    }
  });

  it("logs are shown with those that were set aside, oldest first, and chosen by level and time", async () => {
    const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
    host.disk.set(`${DIRECTORY}/run/node.log`, `${at(5)} warn    e\n`);
    host.disk.set(`${DIRECTORY}/run/node.log.1`, `${at(3)} info    c\n${at(4)} error   d\n  at d\n`);
    host.disk.set(`${DIRECTORY}/run/node.log.3`, `${at(1)} info    a\n`);
    host.disk.set(`${DIRECTORY}/run/node.log.2`, `${at(2)} info    b\n`);
    host.disk.set(`${DIRECTORY}/run/node.log.bak`, "x\n");
    const shown = async (filter: { sinceMs?: number; level?: "warn" }) => {
      const lines: string[] = [];
      const onEntry = (entry: { readonly lines: readonly string[] }) => void lines.push(...entry.lines);
      await logs(host, { directory: DIRECTORY, follow: false, signal, onEntry, ...filter });
      return lines.map(line => line.slice(-1)).join("");
    };
    expect(await shown({})).to.equal("abcdde");
    expect(await shown({ level: "warn" })).to.equal("dde");
    expect(await shown({ sinceMs: Date.parse(at(5)) })).to.equal("e");
  });
});
