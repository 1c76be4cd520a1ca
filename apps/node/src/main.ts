import { CachingHasher, createFieldHasher } from "@sprtn/field-hasher";
import { createLogger } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { formatExplanations } from "@sprtn/settings";
import { LocalNetwork, StartedNode } from "@sprtn/wiring";
import {
  exitWith,
  protectionCommandOf,
  protectionHelpOf,
  readProgramSettings,
  runProtectionCommand,
  runUntilStopped,
  versionOf,
} from "@sprtn/wiring/program";
import { contradictionsOf, nodeSettings, presetOf } from "@sprtn/wiring/settings";

const version = versionOf(import.meta.url);
/** Tree nodes whose hashes are remembered: a few blocks' worth, in 12 MiB. */
const REMEMBERED_NODES = 2 ** 17;
const usage = `SPRTN ${version}

npm start -- [--node] [--sequencer] [--prover-node] [--prover] [--p2p-bootstrap] [--bot] [settings]
Without a role: a whole local network in this process, with an L1 of its own.

slashing-protection export|import FILE [settings]
Writes what this node's keys have signed to a file, or takes over another node's; only while the node is stopped.
slashing-protection --help says more.`;

async function main(): Promise<void> {
  const protectionHelp = protectionHelpOf(process.argv.slice(2));
  if (protectionHelp !== undefined) {
    process.stdout.write(`${protectionHelp}\n`);
    return;
  }
  const protection = protectionCommandOf(process.argv.slice(2));
  if (protection !== undefined) {
    const { settings } = readProgramSettings({ settings: nodeSettings, usage, version, args: protection.rest });
    process.stdout.write(`${await runProtectionCommand(protection.command, settings)}\n`);
    return;
  }
  const program = { settings: nodeSettings, usage, version, preset: presetOf, contradictions: contradictionsOf };
  const { settings, warnings, explain } = readProgramSettings(program);
  const logger = createLogger({ clock: systemClock }, settings.observability, "sprtn");
  for (const warning of warnings) logger.warn(warning);
  logger.debug(formatExplanations(explain()));
  const hasher = new CachingHasher(await createFieldHasher({ logger }, settings.fieldHasher), {
    rows: REMEMBERED_NODES,
  });
  const resources = { clock: systemClock, random: systemRandom, hasher, logger };
  const { local, process: processSettings, bot, wallet } = settings;
  const network = processSettings.localNetwork
    ? new LocalNetwork(resources, { version, settings, local, bot, wallet })
    : undefined;
  const service = network ?? new StartedNode(resources, { version, process: processSettings, settings, bot, wallet });
  try {
    await runUntilStopped(service, {
      onStarted: () => {
        const url = service.rpcUrl();
        if (settings.rpc.dashboardEnabled)
          logger.info(`open ${url} in a browser to see what this ${network === undefined ? "node" : "network"} does`);
        const question = '{"jsonrpc":"2.0","id":1,"method":"node_getChainTips","params":[]}';
        logger.info(`RPC at ${url}, for example: curl -s ${url} -H 'content-type: application/json' -d '${question}'`);
      },
      onStopping: why => logger.info(`stopping (${why})`),
      finished: network?.ended,
    });
    logger.info("stopped");
  } finally {
    hasher.close();
    await logger.close();
  }
}

main().catch(exitWith);
