import { createFieldHasher } from "@sprtn/field-hasher";
import { createLogger, PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { Lifecycle } from "@sprtn/runtime";
import { createProgramMetrics, publisherKey, RemoteBot, WiringError, WiringErrorCode } from "@sprtn/wiring";
import { readProgramSettings, runUntilStopped, versionOf } from "@sprtn/wiring/program";
import { botProcessSettings, keyContradictions } from "@sprtn/wiring/settings";

const version = versionOf(import.meta.url);
const usage = `SPRTN transaction bot: funds its accounts through the FeePortal, pays between them at a set rate, \
follows every payment.

apps/tx-bot/bin/tx-bot [--bot-node-url URL] [--mnemonic-index N] [--bot-tx-per-second RATE] [settings]
Pays for its deposits on L1 with SEQ_PUBLISHER_PRIVATE_KEY, or with account N of MNEMONIC.`;

/** The bot, until its schedule is through or it is stopped. */
export async function runBot(): Promise<void> {
  const { settings } = readProgramSettings({
    settings: botProcessSettings,
    usage,
    version,
    contradictions: keyContradictions,
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
    const process = { clock: systemClock, random: systemRandom, hasher, logger };
    const meter = new PrometheusMeter();
    const bot = new RemoteBot(
      { ...process, meter },
      { nodeUrls: target.nodeUrls, environment: settings.bot, wallet, l1, l1Publisher, l1Key, storage, circuits },
    );
    const services = new Lifecycle({
      services: [
        { name: "metrics", service: createProgramMetrics({ process, meter, version }, settings.metrics) },
        { name: "bot", service: bot },
      ],
    });
    await runUntilStopped(services, {
      onStarted: () => logger.info(`sending to ${target.nodeUrls.join(", ")}`),
      onStopping: why => logger.info(`stopping (${why})`),
      finished: bot.finished,
    });
    const report = await bot.finished;
    if (report !== undefined) logger.info("summary of the payments", { ...report });
  } finally {
    hasher.close();
    await logger.close();
  }
}
