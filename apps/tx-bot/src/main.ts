import { botSettings } from "@sprtn/bot/settings";
import { createFieldHasher } from "@sprtn/circuits-client/hasher";
import { circuitsSettings } from "@sprtn/circuits-client/settings";
import { publisherKey } from "@sprtn/wiring";
import { l1PublisherSettings, l1Settings } from "@sprtn/l1-client/settings";
import { createLogger, PrometheusMeter } from "@sprtn/observability";
import { observabilitySettings } from "@sprtn/observability/settings";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { composeSettings, defineSettings, helpText, parseSettings, url, wantsHelp } from "@sprtn/settings";
import { storageSettings } from "@sprtn/storage/settings";
import { walletSettings } from "@sprtn/wallet/settings";
import { createRemoteBot, exitWith, readOptionalFile, runUntilStopped, WiringError, WiringErrorCode } from "@sprtn/wiring";

const targetSettings = defineSettings({
  nodeUrl: { env: "BOT_NODE_URL", aliases: ["AZTEC_NODE_URL"], parse: url(["http:", "https:"]), default: "http://127.0.0.1:8080", description: "RPC of the node that transactions are sent to" },
});

const composition = composeSettings({
  target: targetSettings,
  bot: botSettings,
  wallet: walletSettings,
  l1: l1Settings,
  l1Publisher: l1PublisherSettings,
  storage: storageSettings,
  circuits: circuitsSettings,
  observability: observabilitySettings,
});

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (wantsHelp(args)) {
    process.stdout.write(helpText(composition, "SPRTN transaction bot: funds its accounts through the FeePortal, pays between them at a set rate, follows every payment.\n\nnpx nx serve tx-bot -- --bot-node-url URL --bot-tx-per-second 1"));
    return;
  }
  const envFile = readOptionalFile(".env");
  const { settings } = parseSettings(composition, { args, env: process.env, ...(envFile === undefined ? {} : { envFile: { name: ".env", text: envFile } }) });
  const l1Key = publisherKey(settings.l1Publisher);
  if (l1Key === undefined) throw new WiringError(WiringErrorCode.KEY_MISSING, "the bot needs an L1 key that pays for its deposits: give SEQ_PUBLISHER_PRIVATE_KEY or MNEMONIC");
  const logger = createLogger({ clock: systemClock }, settings.observability, "bot");
  const hasher = await createFieldHasher({ logger }, { kind: settings.circuits.hasher });
  try {
    const { l1, l1Publisher, storage, circuits, wallet } = settings;
    const { bot, close } = await createRemoteBot({ clock: systemClock, random: systemRandom, hasher, logger }, new PrometheusMeter(), {
      nodeUrl: settings.target.nodeUrl,
      environment: settings.bot,
      wallet,
      l1,
      l1Publisher,
      l1Key,
      storage,
      circuits,
    });
    try {
      await runUntilStopped(bot, {
        onStarted: () => logger.info(`sending to ${settings.target.nodeUrl}`),
        onStopping: why => logger.info(`stopping (${why})`),
        finished: bot.finished(),
      });
      logger.info("what became of the payments", { ...bot.report() });
    } finally {
      await close();
    }
  } finally {
    hasher.close();
    await logger.close();
  }
}

main().catch(exitWith);
