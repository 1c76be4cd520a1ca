// A node of one's own: every flag of `npm start`, with three ports replaced (own-ports.ts).
// node dist/custom-node.js --node --bootnode-url URL, or without a role for a local network
import { createFieldHasher } from "@sprtn/field-hasher";
import { createLogger } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { LocalNetwork, StartedNode } from "@sprtn/wiring";
import { exitWith, readProgramSettings, runUntilStopped } from "@sprtn/wiring/program";
import { contradictionsOf, nodeSettings, presetOf } from "@sprtn/wiring/settings";
import { Counts, countingPorts } from "./own-ports.js";

const version = "0.1.0";

async function main(): Promise<void> {
  const { settings } = readProgramSettings({
    settings: nodeSettings,
    usage: "A SPRTN node whose L1 reader, signer and proof backend are its own",
    version,
    preset: presetOf,
    contradictions: contradictionsOf,
  });
  const logger = createLogger({ clock: systemClock }, settings.observability, "custom");
  const hasher = await createFieldHasher({ logger }, settings.fieldHasher);
  const resources = { clock: systemClock, random: systemRandom, hasher, logger };
  const { local, process: processSettings, bot, wallet } = settings;
  const counts = new Counts();
  const common = { version, settings, bot, wallet, replacePorts: countingPorts(counts) };
  const network = processSettings.localNetwork ? new LocalNetwork(resources, { ...common, local }) : undefined;
  const service = network ?? new StartedNode(resources, { ...common, process: processSettings });
  try {
    await runUntilStopped(service, {
      onStarted: () => console.log(`custom node: RPC at ${service.rpcUrl()}`),
      onStopping: () => console.log(`custom node: ${counts}`),
      finished: network?.ended,
    });
  } finally {
    hasher.close();
    await logger.close();
  }
}

main().catch(exitWith);
