import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { keyOf } from "./network/accounts.js";
import { waitFor } from "./process/wait-for.js";

const mainOf = (app: string) => fileURLToPath(new URL(`../../${app}/dist/main.js`, import.meta.url));
/** Of the mnemonic: it has ether, and nobody of the network uses it. */
const SPARE_ACCOUNT = 2;

interface Status {
  readonly verdict: string;
  readonly state: string;
  readonly pid?: number;
  readonly restarts: number;
  readonly feed?: {
    readonly node: { readonly own: string | null };
    readonly tips: { readonly pending: number; readonly proven: number };
    readonly peers: { readonly inbound: number; readonly outbound: number };
  };
  readonly problems: readonly string[];
}

describe("sprtn", () => {
  let directory = "";
  let network = "";
  let node = "";
  const offset = 20 * randomInt(1, 450);
  const children = new Set<ChildProcess>();

  const run = async (app: string, args: readonly string[], cwd = node) => {
    const child = spawn(process.execPath, ["--enable-source-maps", mainOf(app), ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output, errors };
  };
  const sprtn = (...args: string[]) => run("sprtn", args);
  const status = async (): Promise<Status & { readonly code: number | null }> => {
    const { code, output, errors } = await sprtn("status", "--json");
    expect(output, errors).to.match(/^\{/);
    return { code, ...(JSON.parse(output) as Status) };
  };
  const runs = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const config = (...args: string[]) =>
    sprtn(
      "config",
      ...["--join", `http://127.0.0.1:${8080 + offset}`, "--ethereum-host", `http://127.0.0.1:${8545 + offset}`],
      ...["-p", String(8095 + offset), "-p2p", String(20_415 + offset), "--ip", "127.0.0.1", ...args],
    );

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "sprtn-e2e-node-"));
    network = join(directory, "net");
    node = join(directory, "node");
    await mkdir(node);
    const parameters = ["--port-offset", String(offset), "--sequencers", "2", "--slot-duration", "4"];
    const { code, errors } = await run("deployer", ["network", "up", "--dir", network, ...parameters]);
    expect(code, errors).to.equal(0);
  });
  after(async () => {
    if (existsSync(join(node, "run"))) await sprtn("stop", "--timeout", "20s");
    if (existsSync(network)) await run("deployer", ["network", "down", "--dir", network, "--wait", "20s"]);
    for (const child of children) child.kill("SIGKILL");
    await rm(directory, { recursive: true });
  });

  it("flags alone set a node up in an empty directory, which then joins", async () => {
    const { code, errors } = await config("--role", "node");
    expect(code, errors).to.equal(0);
    const started = await sprtn("start", "--wait", "2m");
    expect(started.code, started.errors).to.equal(0);
    await waitFor("it follows the chain with peers", 60_000, async () => {
      const { feed } = await status();
      return feed !== undefined && feed.tips.pending > 0 && feed.peers.inbound + feed.peers.outbound > 0;
    });
    const { verdict, state, problems } = await status();
    expect([verdict, state, problems]).to.deep.equal(["ok", "running", []]);
    expect((await sprtn("logs", "--level", "info")).output).to.contain("JSON-RPC server is listening");
    const examined = await sprtn("doctor");
    expect(examined.code, examined.output).to.equal(0);
  });

  it("a second start is refused; killed, the node comes back by itself", async () => {
    expect((await sprtn("start")).code).to.equal(4);
    const before = await status();
    process.kill(before.pid as number, "SIGKILL");
    await waitFor("it runs again", 60_000, async () => {
      const now = await status();
      return now.pid !== undefined && now.pid !== before.pid && now.verdict === "ok";
    });
    expect((await status()).restarts).to.equal(1);
    const logs = await sprtn("logs", "--level", "warn");
    expect(logs.output).to.contain("ended by SIGKILL");
  });

  it("becomes a validator with a key of its own, and its keys are in no command line", async () => {
    const key = join(directory, "key");
    await writeFile(key, keyOf(SPARE_ACCOUNT));
    const { code, errors } = await config("--role", "validator", "--key-file", key);
    expect(code, errors).to.equal(0);
    const restarted = await sprtn("restart", "--wait", "2m");
    expect(restarted.code, restarted.errors).to.equal(0);
    // Nobody has admitted it yet: that is told, and nothing to wait for.
    expect(restarted.output).to.contain("not in the validator set");
    const { feed, pid } = await status();
    expect(feed?.node.own).to.match(/^0x/);
    if (process.platform !== "linux") return;
    for (const file of ["cmdline", "environ"])
      expect(await readFile(`/proc/${pid}/${file}`, "utf8")).to.not.contain(keyOf(SPARE_ACCOUNT).slice(2));
  });

  it("stakes, is added by Teocalli, changes its mind, and waits for its stake", async () => {
    const asked = await sprtn("validator", "stake");
    expect([asked.code, asked.errors.includes("--yes")], asked.errors).to.deep.equal([2, true]);
    const staked = await sprtn("validator", "stake", "--amount", "1eth", "--yes", "--json");
    expect(staked.code, staked.errors).to.equal(0);
    expect(JSON.parse(staked.output)).to.include({ state: "pending", stake: String(10n ** 18n) });
    expect((await sprtn("validator", "stake", "--yes")).code).to.equal(2);
    const { address } = JSON.parse(staked.output) as { readonly address: string };
    const teocalli = async (...args: string[]) => {
      const { code, output, errors } = await sprtn("teocalli", ...args);
      expect(code, errors).to.equal(0);
      return output;
    };
    const owner = join(directory, "owner");
    await writeFile(owner, keyOf(0));
    await teocalli("propose", "addValidator", address);
    expect((await sprtn("teocalli", "execute", "--yes")).code).to.equal(2);
    await teocalli("sign", "--key-file", owner, "--yes");
    expect(await teocalli("show"))
      .to.contain(`addValidator(${address})`)
      .and.contain("can be executed");
    await teocalli("execute", "--yes");
    expect(await status()).to.have.property("state", "running");
    expect(JSON.parse((await sprtn("validator", "status", "--json")).output)).to.include({ state: "active" });
    const left = await sprtn("validator", "exit", "--yes", "--json");
    expect(left.code, left.errors).to.equal(0);
    expect(JSON.parse(left.output)).to.include({ state: "exiting" });
    expect((await sprtn("validator", "withdraw", "--yes")).code).to.equal(2);
  });

  it("stop leaves no process, and status says that it does not run", async () => {
    const { supervisor } = JSON.parse(await readFile(join(node, "run", "node.json"), "utf8")) as {
      readonly supervisor: { readonly pid: number };
    };
    const { pid } = await status();
    const stopped = await sprtn("stop");
    expect([stopped.code, stopped.output.includes("has ended")], stopped.errors).to.deep.equal([0, true]);
    await waitFor("no process is left", 10_000, async () => !runs(pid as number) && !runs(supervisor.pid));
    const after = await status();
    expect([after.code, after.verdict, after.state]).to.deep.equal([3, "down", "stopped"]);
  });
});
