import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { Contract, Interface, JsonRpcProvider } from "ethers";

const project = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(import.meta.url);
const ID = "test-ignition-cli";
/** Generous: a busy machine is no failure. */
const PATIENCE_MS = 300_000;

/** When the Rollup was compiled last. Hardhat says nothing of what it compiles for Ignition. */
const compiledAt = async () => (await stat(`${project}artifacts/src/Rollup.sol/Rollup.json`)).mtimeMs;

/** An L1 of its own on a free port. The binary itself: its npm wrapper ends at a signal and leaves it running. */
async function startAnvil() {
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const anvils = createRequire(require.resolve("@foundry-rs/anvil/package.json"));
  const binary = anvils.resolve(`@foundry-rs/anvil-${platform}/bin/anvil`);
  const anvil = spawn(binary, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(anvil.stdout)) {
    const port = /Listening on .*:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return { url: `http://127.0.0.1:${port}`, anvil };
  }
  return expect.fail("anvil did not start");
}

describe("npx hardhat ignition deploy", () => {
  it("deploys to the L1 that ETHEREUM_HOST names, with what was built", async () => {
    const { url, anvil } = await startAnvil();
    const built = await compiledAt();
    try {
      const hardhat = require.resolve("hardhat/package.json").replace("package.json", "dist/src/cli.js");
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          hardhat,
          ...["ignition", "deploy", "ignition/modules/Sprtn.ts", "--network", "l1", "--deployment-id", ID],
          ...["--parameters", "ignition/parameters.local.json"],
        ],
        { cwd: project, env: { ...process.env, ETHEREUM_HOST: url, HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "true" } },
      );
      expect(await compiledAt()).to.equal(built);
      const address = /Sprtn#Rollup - (0x\w{40})/.exec(stdout)?.[1];
      const provider = new JsonRpcProvider(url);
      const rollup = new Contract(address!, new Interface(["function openBootstrap() view returns (bool)"]), provider);
      expect(await rollup.getFunction("openBootstrap")()).to.equal(true);
      provider.destroy();
    } finally {
      anvil.kill();
      await once(anvil, "exit");
      await rm(new URL(`../../ignition/deployments/${ID}`, import.meta.url), { recursive: true, force: true });
    }
  }).timeout(PATIENCE_MS);
});
