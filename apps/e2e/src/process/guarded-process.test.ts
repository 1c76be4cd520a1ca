import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CodedError } from "@sprtn/primitives";
import { expect } from "chai";
import { GuardedProcess } from "./guarded-process.js";
import { waitFor } from "./wait-for.js";

describe("a guarded process", () => {
  let directory: string;
  const started: GuardedProcess[] = [];
  const run = (program: string) => {
    const child = new GuardedProcess({
      name: "it",
      command: process.execPath,
      args: ["-e", program],
      env: {},
      cwd: directory,
      logFile: join(directory, "it.log"),
    });
    started.push(child);
    return child;
  };
  const FOREVER = "console.log('pid ' + process.pid); setInterval(() => {}, 1000)";
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sprtn-guarded-"));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map(child => child.kill()));
    await rm(directory, { recursive: true });
  });

  it("kill -9 reaches the program itself; it has not crashed then", async () => {
    const child = run(FOREVER);
    const pid = Number(await child.says(/pid (\d+)/, 10_000));
    await child.kill();
    await waitFor("the program is gone", 5_000, async () => !isAlive(pid));
    expect([child.running, child.crashed]).to.deep.equal([false, false]);
  });

  it("stop lets it end in its order, and keeps what it said", async () => {
    const child = run(`process.on('SIGTERM', () => { console.log('goodbye'); process.exit(0); }); ${FOREVER}`);
    await child.says(/pid/, 10_000);
    await child.stop();
    expect(child.tail.at(-1)).to.equal("goodbye");
    expect(await readFile(join(directory, "it.log"), "utf8")).to.match(/pid \d+\ngoodbye\n/);
  });

  it("tells that it ended by itself, and of what it did not say", async () => {
    const child = run("console.log('only this')");
    const error = (await child.says(/something else/, 10_000).catch((failure: CodedError) => failure)) as CodedError;
    expect(error.code).to.equal("E2E_PROCESS_ENDED");
    expect(error.message).to.include("only this");
    expect(child.crashed).to.equal(true);
  });

  it("waitFor gives up at its deadline with the last reason", async () => {
    const error = (await waitFor("rain", 1, async () => Promise.reject(new TypeError("no clouds"))).catch(
      (failure: CodedError) => failure,
    )) as CodedError;
    expect(error.message).to.equal("rain: not within 0.001 s (no clouds)");
  });
});
