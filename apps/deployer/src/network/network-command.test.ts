import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

const main = fileURLToPath(new URL("../main.js", import.meta.url));

/** Of L1, without an offset. */
const L1 = 8545;

/** On a port that a network with some offset has for its L1. */
async function anyListener(): Promise<{ readonly server: Server; readonly port: number }> {
  for (;;) {
    const server = createServer();
    const port = L1 + randomInt(1, 10_000);
    server.listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
      return { server, port };
    } catch {
      // Somebody else's: another one.
    }
  }
}

describe("network", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "network-command-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function network(...args: string[]): Promise<Run> {
    const child = spawn(process.execPath, [main, "network", ...args], {
      cwd: directory,
      // Neither docker nor anything else is found.
      env: { PATH: directory },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output, errors };
  }

  it("lists its verbs, and each its settings", async () => {
    const { code, output } = await network("--help");
    expect(code).to.equal(0);
    for (const verb of ["up", "status", "down", "logs", "render"]) {
      expect(output).to.contain(verb);
      const help = await network(verb, "--help");
      expect([help.code, help.errors], verb).to.deep.equal([0, ""]);
      expect(help.output, verb).to.contain(`network ${verb}`).and.contain("--json");
    }
  });

  it("an unknown verb, or none, is wrong usage", async () => {
    const wrong = await network("stauts");
    expect(wrong.code).to.equal(2);
    expect(wrong.errors).to.contain("Did you mean status?");
    expect((await network()).code).to.equal(2);
  });

  it("every wrong value is told with what is expected, in one go, and nothing is written", async () => {
    const broken = [
      ["--preset", "mainnet"],
      ["--sequencers", "0"],
      ["--provers", "-1"],
      ["--pxes", "65"],
      ["--slot-duration", "1"],
      ["--epoch-duration", "0"],
      ["--committee-size", "many"],
      ["--p2p=maybe"],
      ["--proving", "quickly"],
      ["--fees=some"],
      ["--cluster", "mainframe"],
      ["--agents", "1.5"],
      ["--port-offset", "10001"],
      ["--wait", "soon"],
      ["--json=perhaps"],
    ];
    // A word that looks like a flag is none's value: that one is told by another text.
    const { code, errors } = await network("up", ...broken.flat().map(word => word.replace("-1", "x1")));
    expect(code).to.equal(2);
    for (const [flag = ""] of broken) expect(errors).to.contain(flag.split("=")[0]);
    expect(errors).to.not.contain("    at ");
    for (const verb of ["status", "down", "logs", "render"])
      expect((await network(verb, "--sequencer", "4")).code, verb).to.equal(2);
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("what cannot be together is told, and nothing is written", async () => {
    const { code, errors } = await network("up", "--sequencers", "2", "--committee-size", "3", "--p2p", "off");
    expect(code).to.equal(2);
    expect(errors)
      .to.match(/^NETWORK_BAD_PARAMETERS: /)
      .and.contain("--committee-size")
      .and.contain("--p2p");
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("a directory that is missing, foreign or damaged: one line with the remedy, and all stays", async () => {
    const one = async (run: Promise<Run>, code: string) => {
      const { code: exit, errors } = await run;
      expect([exit, errors.split(":")[0], errors.trim().split("\n").length], errors).to.deep.equal([1, code, 1]);
    };
    for (const verb of ["status", "down", "logs"]) await one(network(verb, "--dir", "none"), "NETWORK_NOT_A_NETWORK");
    await mkdir(join(directory, "mine"));
    await writeFile(join(directory, "mine", "thesis.tex"), "");
    await one(network("up", "--dir", "mine"), "NETWORK_NOT_A_NETWORK");
    await one(network("down", "--purge", "--dir", "mine"), "NETWORK_NOT_A_NETWORK");
    await writeFile(join(directory, "mine", "network.json"), '{"version":7}');
    for (const verb of ["up", "status", "down", "logs"]) await one(network(verb, "--dir", "mine"), "NETWORK_BAD_FILE");
    await one(network("status", "--dir", "mine/thesis.tex"), "HOST_FILE_ACCESS");
    expect((await readdir(join(directory, "mine"))).toSorted()).to.deep.equal(["network.json", "thesis.tex"]);
    expect(await readdir(directory)).to.deep.equal(["mine"]);
  });

  it("a port in use is named, and nothing is written", async () => {
    const { server, port } = await anyListener();
    const { code, errors } = await network("up", "--sequencers", "1", "--port-offset", String(port - L1));
    server.close();
    await once(server, "close");
    expect([code, errors.split(":")[0], errors.includes(String(port))], errors).to.deep.equal([
      1,
      "NETWORK_PORT_TAKEN",
      true,
    ]);
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("without docker, compose is refused with its remedy, and nothing is written", async () => {
    const { code, errors } = await network("up", "--cluster", "compose");
    expect(code).to.equal(1);
    expect(errors)
      .to.match(/^NETWORK_UNSUPPORTED: /)
      .and.contain("install Docker")
      .and.contain("network render");
    expect((await network("up", "--cluster", "kubernetes")).errors).to.contain("kubectl");
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("with docker, compose is rendered and started; what docker says is not well is told", async () => {
    const docker = (code: number) =>
      writeFile(
        join(directory, "docker"),
        `#!/bin/sh\necho "$@" >>"${directory}/asked"\ncase "$*" in *up*) exit ${code};; esac\n`,
        { mode: 0o755 },
      );
    await docker(0);
    const { code, output } = await network("up", "--cluster", "compose", "--dir", "net");
    expect(code).to.equal(0);
    expect(output).to.contain("docker compose");
    expect(await readFile(join(directory, "asked"), "utf8")).to.match(
      /^compose version\ncompose -f \S+\/net\/compose.yaml up --detach --wait\n$/,
    );
    expect(await readdir(join(directory, "net"))).to.include.members(["compose.yaml", "mnemonic.env"]);
    await docker(17);
    const failed = await network("up", "--cluster", "compose", "--dir", "net");
    expect([failed.code, failed.errors.includes("17")], failed.errors).to.deep.equal([1, true]);
  });

  it("render writes files for the clusters that have some", async () => {
    expect((await network("render")).code).to.equal(2);
    const { code, output } = await network("render", "--cluster", "compose", "--json");
    expect(code).to.equal(0);
    expect((JSON.parse(output) as { written: string[] }).written.map(path => path.split("/").at(-1))).to.deep.equal([
      "compose.yaml",
      "Dockerfile",
      "mnemonic.env",
      "broker-token.env",
    ]);
    expect((await network("render", "--cluster", "kubernetes", "--out", "k8s")).code).to.equal(0);
    expect((await readdir(directory)).toSorted()).to.deep.equal(["compose", "k8s"]);
  });
});
