import { createFieldHasher } from "@sprtn/field-hasher";
import { createLogger, PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { messageOf } from "@sprtn/primitives";
import { helpText, parseSettings, wantsHelp, wantsVersion } from "@sprtn/settings";
import { createRemoteAgent, exitWith, readOptionalFile, runUntilStopped, versionOf } from "@sprtn/wiring";
import { agentSettings } from "./settings.js";

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (wantsVersion(args)) {
    process.stdout.write(`${versionOf(import.meta.url)}\n`);
    return;
  }
  if (wantsHelp(args)) {
    process.stdout.write(
      helpText(
        agentSettings,
        "SPRTN prover agent: takes proof jobs from a broker and hands proofs in.\n\nnpx nx serve prover-agent -- --prover-broker-host URL",
      ),
    );
    return;
  }
  const envFile = readOptionalFile(".env");
  const { settings } = parseSettings(agentSettings, {
    args,
    env: process.env,
    ...(envFile === undefined ? {} : { envFile: { name: ".env", text: envFile } }),
  });
  const logger = createLogger({ clock: systemClock }, settings.observability, "agent");
  const hasher = await createFieldHasher({ logger }, settings.fieldHasher);
  try {
    const agent = createRemoteAgent(
      { clock: systemClock, random: systemRandom, hasher, logger },
      new PrometheusMeter(),
      settings,
    );
    await runUntilStopped(agent, {
      onStarted: () =>
        logger.info(`proving for ${settings.agent.brokerHost}, ${settings.agent.concurrency} jobs at a time`),
      onStopping: why => logger.info(`stopping (${why})`),
    });
  } catch (error) {
    logger.error(messageOf(error));
    throw error;
  } finally {
    hasher.close();
    await logger.close();
  }
}

main().catch(exitWith);
