import { createFieldHasher } from "@sprtn/field-hasher";
import { publisherKey } from "@sprtn/wiring";
import { createLogger, PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { helpText, parseSettings, wantsHelp, wantsVersion } from "@sprtn/settings";
import {
  exitWith,
  readOptionalFile,
  RemoteBot,
  runUntilStopped,
  versionOf,
  WiringError,
  WiringErrorCode,
} from "@sprtn/wiring";
import { botProcessSettings } from "./settings.js";

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (wantsVersion(args)) {
    process.stdout.write(`${versionOf(import.meta.url)}\n`);
    return;
  }
  if (wantsHelp(args)) {
    process.stdout.write(
      helpText(
        botProcessSettings,
        "SPRTN transaction bot: funds its accounts through the FeePortal, pays between them at a set rate, follows every payment.\n\nnpx nx serve tx-bot -- --bot-node-url URL --bot-tx-per-second 1",
      ),
    );
    return;
  }
  const envFile = readOptionalFile(".env");
  const { settings } = parseSettings(botProcessSettings, {
    args,
    env: process.env,
    ...(envFile === undefined ? {} : { envFile: { name: ".env", text: envFile } }),
  });
  const l1Key = publisherKey(settings.l1Publisher);
  if (l1Key === undefined)
    throw new WiringError(
      WiringErrorCode.KEY_MISSING,
      "the bot needs an L1 key that pays for its deposits: give SEQ_PUBLISHER_PRIVATE_KEY or MNEMONIC",
    );
  const logger = createLogger({ clock: systemClock }, settings.observability, "bot");
  const hasher = await createFieldHasher({ logger }, settings.fieldHasher);
  try {
    const { l1, l1Publisher, storage, circuits, wallet, target } = settings;
    const bot = new RemoteBot(
      { clock: systemClock, random: systemRandom, hasher, logger, meter: new PrometheusMeter() },
      { nodeUrls: target.nodeUrls, environment: settings.bot, wallet, l1, l1Publisher, l1Key, storage, circuits },
    );
    await runUntilStopped(bot, {
      onStarted: () => logger.info(`sending to ${target.nodeUrls.join(", ")}`),
      onStopping: why => logger.info(`stopping (${why})`),
      finished: bot.finished,
    });
    const report = await bot.finished;
    if (report !== undefined) logger.info("what became of the payments", { ...report });
  } finally {
    hasher.close();
    await logger.close();
  }
}

main().catch(exitWith);
