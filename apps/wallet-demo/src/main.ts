import { createFieldHasher } from "@sprtn/field-hasher";
import { createLogger } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { codeOf, messageOf } from "@sprtn/primitives";
import { createNodeClient } from "@sprtn/rpc/client";
import { helpText, parseSettings, wantsHelp, wantsVersion } from "@sprtn/settings";
import { openProofSystem } from "@sprtn/wiring";
import { versionOf } from "@sprtn/wiring/program";
import { azt, shortfall } from "./amounts.js";
import { DemoError, DemoErrorCode } from "./demo-error.js";
import { newL1Address, openL1 } from "./open-l1.js";
import { openWallet } from "./open-wallet.js";
import { demoProcessSettings, type DemoSettings } from "./settings.js";
import { Story } from "./story.js";

const usage = `SPRTN wallet demo: a deposit from L1, a private payment, a withdrawal consumed on L1, \
against a running network.

npm run demo -- [--demo-node-url URL] [--ethereum-host URL] [settings]
Ends with 0 only if L1 paid the withdrawal.`;

/** Looks often, so that short-lived stages are seen. */
const preset = {
  name: "demo",
  values: { WALLET_POLL_INTERVAL: "200ms", L1_POLLING_INTERVAL: "200ms", LOG_LEVEL: "warn" },
};

function readSettings(args: readonly string[]): DemoSettings {
  try {
    return parseSettings(demoProcessSettings, { args, env: process.env, preset: () => preset }).settings;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  }
}

async function runDemo(settings: DemoSettings, signal: AbortSignal): Promise<void> {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const problem = shortfall(settings.demo);
  if (problem !== undefined) throw new DemoError(DemoErrorCode.BAD_AMOUNTS, problem);
  const logger = createLogger({ clock: systemClock }, settings.observability, "demo");
  const hasher = await createFieldHasher({ logger }, settings.fieldHasher);
  try {
    const node = createNodeClient(settings.demo.nodeUrl, { hasher });
    const { network, version, proofMode, crs, deployment, contracts, parameters } = await node.getNodeInfo();
    print(
      `network ${network}, node ${version}, slots of ${parameters.slotDuration} s, ` +
        `epochs of ${parameters.epochDuration} slots; proofs are ${proofMode}` +
        (crs === null ? "" : `, under the ${crs} CRS`),
    );
    const proofs = await openProofSystem({ clock: systemClock, hasher, logger }, settings.circuits, deployment);
    const l1 = openL1({ clock: systemClock, logger }, settings, contracts);
    try {
      const resources = { hasher, random: systemRandom, clock: systemClock, node, proofs: proofs.backend };
      const [alice, bob] = [await openWallet(resources, settings.wallet), await openWallet(resources, settings.wallet)];
      const story = new Story(
        { node, clock: systemClock, l1, alice, bob, print },
        { amounts: settings.demo, bobOnL1: newL1Address(systemRandom), pollMs: settings.wallet.pollMs },
      );
      await story.run(signal);
      print(`done: Bob holds ${azt(settings.demo.withdrawal)} on L1`);
    } finally {
      l1.close();
      await proofs.close();
    }
  } finally {
    hasher.close();
    await logger.close();
  }
}

const args = process.argv.slice(2);
if (wantsVersion(args)) {
  process.stdout.write(`${versionOf(import.meta.url)}\n`);
} else if (wantsHelp(args)) {
  process.stdout.write(helpText(demoProcessSettings, usage));
} else {
  const settings = readSettings(args);
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  try {
    await runDemo(settings, controller.signal);
  } catch (error) {
    process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
