import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkDeployment, L1Requests, readDeploymentFile } from "@sprtn/deployment";
import { type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { expect } from "chai";

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

describe("deployer", () => {
  let devnet: Devnet;
  let l1: L1Requests;
  let directory: string;

  before(async () => {
    devnet = await startDevnet();
    l1 = await L1Requests.connect(devnet.url);
    directory = await mkdtemp(join(tmpdir(), "deployer-"));
  });

  after(async () => {
    l1.close();
    await devnet.stop();
    await rm(directory, { recursive: true });
  });

  async function deployer(...args: string[]): Promise<Run> {
    const main = fileURLToPath(new URL("./main.js", import.meta.url));
    const child = spawn(process.execPath, [main, ...args], {
      cwd: directory,
      env: { PATH: process.env.PATH },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output, errors };
  }

  it("answers --help without anything else", async () => {
    const { code, output } = await deployer("--help");
    expect(code).to.equal(0);
    expect(output).to.contain("--slot-duration").and.contain("ETHEREUM_HOST");
  });

  it("says all that is wrong with its settings", async () => {
    const { code, errors } = await deployer("--preset", "mainnet", "--slot-duration", "soon");
    expect(code).to.equal(2);
    expect(errors).to.contain("--preset").and.contain("--slot-duration");
  });

  it("refuses fees that are off together with what they would be", async () => {
    for (const flag of [
      "--initial-base-fee-l2",
      "--initial-base-fee-da",
      "--l2-gas-target",
      "--da-gas-target",
      "--max-txs-per-block",
    ]) {
      const { code, errors } = await deployer("--fees", "off", flag, "7");
      expect(code, flag).to.equal(2);
      expect(errors).to.contain(flag);
    }
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("refuses a journal that is the deployment file, or where that is drafted", async () => {
    for (const [flag, ...args] of [
      ["--journal", "x.json", "--out", "./x.json"],
      ["--journal", "x.json.new", "--out", "x.json"],
      ["--journal", "deployment.json"],
    ] as const) {
      const { code, errors } = await deployer(flag, ...args);
      expect(code, args.join()).to.equal(2);
      expect(errors).to.contain("--journal");
    }
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("refuses what can be known to fail before it sends anything", async () => {
    const block = await l1.number("eth_blockNumber");
    await writeFile(join(directory, "notes"), "mine");
    for (const [expected, ...args] of [
      ["DEPLOYMENT_BAD_PARAMETERS", "--name", "n".repeat(201)],
      ["DEPLOYMENT_BAD_PARAMETERS", "--rewards-allocation", "0", "--teocalli-threshold", "2"],
      ["DEPLOYMENT_BAD_PARAMETERS", "--genesis-time", "1"],
      ["DEPLOYMENT_FILE_ACCESS", "--out", directory],
      ["DEPLOYMENT_FILE_TAKEN", "--out", "notes"],
    ] as const) {
      const { code, errors } = await deployer("--ethereum-host", devnet.url, "--proofs", "simulated", ...args);
      expect(code, args.join()).to.equal(1);
      expect(errors).to.contain(expected);
    }
    expect(await readFile(join(directory, "notes"), "utf8")).to.equal("mine");
    await rm(join(directory, "notes"));
    expect(await readdir(directory)).to.deep.equal([]);
    expect(await l1.number("eth_blockNumber")).to.equal(block);
  });

  it("deploys a preset with overrides, writes the file, and the second time only the file", async () => {
    const args = [
      "--ethereum-host",
      devnet.url,
      "--preset",
      "local",
      "--slot-duration",
      "4",
      "--validator-count",
      "2",
      "--out",
      "net.json",
    ];
    const first = await deployer(...args);
    expect(first.code, first.errors + first.output).to.equal(0);
    const path = join(directory, "net.json");
    const deployment = await readDeploymentFile(path);
    expect(deployment).to.deep.include({ name: "local", chainId: 31337n, proofMode: "real", crs: "dev" });
    expect(deployment.parameters).to.include({ slotDuration: 4, epochDuration: 8 });
    expect(deployment.genesis.header.timestamp).to.equal(deployment.parameters.genesisTime);
    await checkDeployment(l1, deployment);
    const block = await l1.number("eth_blockNumber");
    await rm(path);
    expect((await deployer(...args)).code).to.equal(0);
    expect(await readDeploymentFile(path)).to.deep.equal(deployment);
    expect(await l1.number("eth_blockNumber")).to.equal(block);
    expect((await readdir(directory)).toSorted()).to.deep.equal(["net.json", "net.json.journal"]);
    await rm(`${path}.journal`);
    const { code, errors } = await deployer(...args);
    expect([code, errors.split(":")[0]]).to.deep.equal([1, "DEPLOYMENT_FILE_TAKEN"]);
    expect(await readDeploymentFile(path)).to.deep.equal(deployment);
    expect(await l1.number("eth_blockNumber")).to.equal(block);
  });

  it("PROV-6: simulated proofs where they are asked for, and no Ignition verifier that it has not", async () => {
    const args = ["--ethereum-host", devnet.url, "--preset", "local"];
    expect((await deployer(...args, "--proofs", "simulated", "--out", "simulated.json")).code).to.equal(0);
    expect(await readDeploymentFile(join(directory, "simulated.json"))).to.deep.include({
      proofMode: "simulated",
      crs: null,
    });
    const { code, errors } = await deployer(...args, "--crs", "ignition", "--out", "ignition.json");
    expect(code).to.equal(1);
    expect(errors).to.contain("KEYS_MISSING").and.contain("derive them");
  });

  it("deploys phase 2 with its 128 validators", async () => {
    const { code, errors, output } = await deployer(
      "--ethereum-host",
      devnet.url,
      "--preset",
      "phase2",
      "--out",
      "phase2.json",
    );
    expect(code, errors + output).to.equal(0);
    const { parameters } = await readDeploymentFile(join(directory, "phase2.json"));
    expect(parameters).to.include({ slotDuration: 36, committeeSize: 16 });
  });

  it("deploys over the first endpoint that answers for the chain", async () => {
    const other = await startDevnet({ chainId: 7n });
    try {
      const hosts = `http://127.0.0.1:1/key,${other.url},${devnet.url}`;
      const { code, errors, output } = await deployer(
        ...["--ethereum-hosts", hosts, "--deployer-index", "5", "--out", "third.json"],
      );
      expect(code, errors + output).to.equal(0);
      expect(output + errors)
        .to.contain("DEPLOYMENT_L1_FAILED")
        .and.contain("another chain")
        .and.not.contain("/key");
      await checkDeployment(l1, await readDeploymentFile(join(directory, "third.json")));
    } finally {
      await other.stop();
    }
  });

  it("refuses another chain, and a network without keys, with a code", async () => {
    const wrong = await deployer(
      "--ethereum-host",
      devnet.url,
      "--l1-chain-id",
      "11155111",
      "--deployer-private-key",
      `0x${"11".repeat(32)}`,
      "--validators",
      `0x${"22".repeat(20)}`,
      "--out",
      "x.json",
    );
    expect([wrong.code, wrong.errors]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.startsWith("DEPLOYMENT_WRONG_CHAIN"),
    );
    const keyless = await deployer("--ethereum-host", devnet.url, "--l1-chain-id", "11155111", "--out", "x.json");
    expect(keyless.errors).to.contain("L1_BAD_KEY").and.contain("DEPLOY_MNEMONIC");
  });
});
