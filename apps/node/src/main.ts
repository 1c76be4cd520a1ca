import { createFieldHasher, CachingHasher } from "@sprtn/field-hasher";
import { createLogger } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { messageOf } from "@sprtn/primitives";
import { formatExplanations, helpText, parseSettings, wantsHelp, wantsVersion } from "@sprtn/settings";
import { createRunningNode, exitWith, LocalNetwork, readOptionalFile, runUntilStopped, versionOf } from "@sprtn/wiring";
import { nodeSettings, presetOf } from "./settings.js";

const version = versionOf(import.meta.url);
/** Tree nodes whose hashes are remembered: a few blocks' worth, in 12 MiB. */
const REMEMBERED_NODES = 2 ** 17;
const usage = `SPRTN ${version}

npm start -- [--node] [--sequencer] [--prover-node] [--prover] [--p2p-bootstrap] [--bot] [settings]
Without a role: a whole local network in this process, with an L1 of its own.`;

/** Reads the settings; on a mistake says all that is wrong and ends. */
function readSettings() {
  const args = process.argv.slice(2);
  if (wantsVersion(args)) {
    process.stdout.write(`${version}\n`);
    process.exit(0);
  }
  if (wantsHelp(args)) {
    process.stdout.write(helpText(nodeSettings, usage));
    process.exit(0);
  }
  try {
    const envFile = readOptionalFile(".env");
    return parseSettings(nodeSettings, {
      args,
      env: process.env,
      ...(envFile === undefined ? {} : { envFile: { name: ".env", text: envFile } }),
      preset: presetOf,
    });
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  }
}

async function main(): Promise<void> {
  const { settings, warnings, explain } = readSettings();
  const logger = createLogger({ clock: systemClock }, settings.observability, "sprtn");
  for (const warning of warnings) logger.warn(warning);
  logger.debug(formatExplanations(explain()));
  const hasher = new CachingHasher(await createFieldHasher({ logger }, settings.fieldHasher), {
    rows: REMEMBERED_NODES,
  });
  const resources = { clock: systemClock, random: systemRandom, hasher, logger };
  const { local, process: processSettings, bot, wallet } = settings;
  const service = processSettings.localNetwork
    ? new LocalNetwork(resources, { version, settings, local, bot, wallet })
    : await createRunningNode(resources, { version, process: processSettings, settings, bot, wallet });
  try {
    await runUntilStopped(service, {
      onStarted: () => {
        logger.info(
          `RPC at ${service.rpcUrl()}, for example: curl -s ${service.rpcUrl()} -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"node_getChainTips","params":[]}'`,
        );
      },
      onStopping: why => logger.info(`stopping (${why})`),
    });
    logger.info("stopped");
  } finally {
    hasher.close();
    await logger.close();
  }
}

main().catch(exitWith);
