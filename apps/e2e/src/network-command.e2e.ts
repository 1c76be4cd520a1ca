import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { waitFor } from "./process/wait-for.js";

const main = fileURLToPath(new URL("../../deployer/dist/main.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

interface Status {
  readonly nodes: readonly {
    readonly name: string;
    readonly state: string;
    readonly pid?: number;
    readonly tips?: Readonly<Record<"pending" | "proven" | "finalized", { readonly number: number }>>;
  }[];
  readonly problems: readonly string[];
  readonly verdict: string;
}

describe("deployer network", () => {
  let directory = "";
  let dir = "";
  // Two networks with different offsets share no port.
  const offset = String(20 * randomInt(1, 500));
  const children = new Set<ChildProcess>();

  const start = (...args: string[]) => {
    const child = spawn(process.execPath, ["--enable-source-maps", main, "network", ...args], {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const ended = once(child, "close").then(([code]): Ended => ({ code: code as number | null, output, errors }));
    return { child, ended, said: () => output };
  };
  const network = (verb: string, ...args: string[]) => start(verb, ...args, "--dir", dir).ended;
  const parameters = ["--port-offset", offset, "--slot-duration", "4", "--epoch-duration", "4"];
  const status = async () => {
    const { code, output, errors } = await network("status", "--json");
    expect(output, errors).to.match(/^\{/);
    return { code, ...(JSON.parse(output) as Status) };
  };
  const node = async (name: string) => {
    const found = (await status()).nodes.find(each => each.name === name);
    return found ?? expect.fail(`there is no ${name}`);
  };
  const runs = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  /** Whoever inherits a process that has ended may take a moment to see it off. */
  const areGone = ({ nodes }: Status) =>
    waitFor("no process is left", 10_000, async () => nodes.every(({ pid }) => pid === undefined || !runs(pid)));
  const all = (text: string) => text.match(/^\S+/gm) ?? [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "sprtn-e2e-command-"));
    dir = join(directory, "net");
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    if (existsSync(join(dir, "network.json"))) await network("down", "--wait", "20s");
    await rm(directory, { recursive: true });
  });

  it("Ctrl-C during up leaves a state from which up goes on; meanwhile a second up is refused", async () => {
    const { child, ended, said } = start("up", ...parameters, "--sequencers", "4", "--dir", dir);
    await waitFor("L1 runs", 60_000, async () => said().includes("l1: ready"));
    const second = await network("up");
    expect([second.code, second.errors.split(":")[0]], second.errors).to.deep.equal([4, "HOST_BUSY"]);
    child.kill("SIGINT");
    const { code, output } = await ended;
    expect(code, output).to.equal(130);
    expect((await node("l1")).state).to.equal("running");
    const { code: later, output: lines, errors } = await network("up");
    expect(later, errors).to.equal(0);
    expect(all(lines)).to.include("validator-1,");
    expect(all(lines)).to.not.include("l1:");
  });

  it("sees blocks, all proven in time, and no key in any command line", async () => {
    await waitFor("a proven block everywhere", 120_000, async () => {
      const { nodes } = await status();
      const tips = nodes.flatMap(each => each.tips ?? []);
      return tips.length === 5 && tips.every(({ proven }) => proven.number > 0);
    });
    const { code, problems } = await status();
    expect([code, problems]).to.deep.equal([0, []]);
    const { pid } = await node("validator-1");
    if (process.platform === "linux") expect(await readFile(`/proc/${pid}/cmdline`, "utf8")).to.not.contain("junk");
  });

  it("a network continues as it was deployed", async () => {
    const { code, errors } = await network("up", "--sequencers", "5", "--slot-duration", "4");
    expect([code, errors.includes("--sequencers 5 (it has 4)"), errors.includes("slot")], errors).to.deep.equal([
      2,
      true,
      false,
    ]);
  });

  it("status tells of a node that was killed, and up brings it back into step", async () => {
    const before = await node("validator-2");
    process.kill(before.pid as number, "SIGKILL");
    await waitFor("it is gone", 10_000, async () => !runs(before.pid as number));
    const { code, problems } = await status();
    expect([code, problems.join()]).to.satisfy(
      ([exit, text]: [number, string]) => exit === 1 && text.includes("validator-2"),
    );
    const { code: up, output } = await network("up");
    expect(up).to.equal(0);
    expect(output).to.match(/^validator-2: ready$/m);
    const now = await node("validator-2");
    expect(now.pid).to.not.equal(before.pid);
    await waitFor("all is well", 60_000, async () => (await status()).code === 0);
  });

  it("logs of all, merged by time", async () => {
    const { code, output } = await network("logs", "l1", "validator-2");
    expect(code).to.equal(0);
    expect(new Set(all(output))).to.deep.equal(new Set(["l1", "validator-2"]));
    const times = output.match(/(?<=^\S+ +)\d{4}-\S+Z/gm) ?? [];
    expect(times).to.deep.equal(times.toSorted());
  });

  it("down leaves no process, and up continues the same chain", async () => {
    const before = await status();
    expect((await network("down")).code).to.equal(0);
    await areGone(before);
    expect((await status()).code).to.equal(3);
    expect((await network("up")).code).to.equal(0);
    const tip = before.nodes.find(({ name }) => name === "validator-1")?.tips?.pending.number ?? 0;
    await waitFor(
      "the chain goes on",
      60_000,
      async () => ((await node("validator-1")).tips?.pending.number ?? 0) > tip,
    );
  });

  it("down --purge leaves nothing", async () => {
    const before = await status();
    expect((await network("down", "--purge")).code).to.equal(0);
    await areGone(before);
    expect(existsSync(dir)).to.equal(false);
  });
});
