import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readReport } from "@sprtn/load";
import { expect } from "chai";

const main = fileURLToPath(new URL("../../tx-bot/dist/main.js", import.meta.url));

const scenario = `version: 1
name: short
network: {preset: local, sequencers: 4, provers: 1, slotDuration: 4, epochDuration: 4}
wallets: 4
mix: {private: 0.4, public: 0.4, withdraw: 0.2}
warmup: 4s
phases:
  - {for: 24s, rate: 2}
faults:
  - {at: 4s, do: l1-reorg, depth: 1}
  - {at: 8s, do: stop, node: validator-2, for: 8s}
drain: {until: proven, atMost: 8m}
expect:
  - {metric: outcome.lost, atMost: 0}
  - {metric: outcome.unsent, atMost: 0}
`;

describe("tx-bot run", () => {
  let directory = "";
  const children = new Set<ChildProcess>();
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "sprtn-load-"));
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });

  async function run(...args: string[]) {
    const child = spawn(process.execPath, ["--enable-source-maps", main, ...args], {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output, errors };
  }

  it("runs a scenario on a network of its own, through faults, loses nothing, leaves only its report", async () => {
    await writeFile(join(directory, "short.yml"), scenario);
    const offset = String(20 * randomInt(1, 500));
    const { code, output, errors } = await run("run", "short.yml", "--out", "load", "--port-offset", offset);
    const [folder] = (await readdir(join(directory, "load"))).filter(name => name.startsWith("short-"));
    expect(folder, errors).to.be.a("string");
    const path = join(directory, "load", folder as string);
    const report = readReport(await readFile(join(path, "report.json")), "report.json");
    // A machine that is too slow makes figures invalid, and no payment lost.
    expect([0, 1], output).to.include(code);
    expect(report.faults.map(({ do: what, trouble }) => [what, trouble])).to.have.deep.members([
      ["l1-reorg", null],
      ["stop", null],
    ]);
    const { due, lost, unsent, reached } = report.outcomes;
    expect([due, lost, unsent], output).to.deep.equal([48, 0, 0]);
    expect(reached, output).to.be.greaterThan(0);
    expect(report.latency.proven?.all?.count, output).to.equal(reached);
    expect(report.slots.filter(({ outcome }) => outcome === "block")).not.to.deep.equal([]);
    expect(await readFile(join(path, "report.html"), "utf8")).to.contain("Content-Security-Policy");
    expect(await readdir(join(directory, "load", "networks"))).to.deep.equal([]);
    const compared = await run("compare", join(path, "report.json"), join(path, "report.json"));
    expect([compared.code, compared.errors]).to.deep.equal([0, ""]);
  });

  it("says what is wrong, with the exit code of its kind", async () => {
    await writeFile(join(directory, "bad.yml"), scenario.replace("rate: 2", "rate: fast"));
    expect(await run("validate", "bad.yml")).to.include({ code: 2 });
    expect((await run("run", "none.yml")).errors).to.match(/^LOAD_BAD_SCENARIO: none.yml cannot be read/);
    await writeFile(join(directory, "short.yml"), scenario.replace(/^network: .*\n/m, ""));
    const missing = await run("run", "short.yml", "--dir", "nothing");
    expect([missing.code, missing.errors.split(":")[0]]).to.deep.equal([5, "NETWORK_NOT_A_NETWORK"]);
  });
});
