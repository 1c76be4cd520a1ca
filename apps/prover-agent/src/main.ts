import { createFieldHasher } from "@sprtn/field-hasher";
import { createLogger, PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { counted } from "@sprtn/primitives";
import { Lifecycle } from "@sprtn/runtime";
import { createProgramMetrics, createRemoteAgent } from "@sprtn/wiring";
import { exitWith, readProgramSettings, runUntilStopped, versionOf } from "@sprtn/wiring/program";
import { agentSettings } from "@sprtn/wiring/settings";

const version = versionOf(import.meta.url);
const usage = `SPRTN prover agent: takes proof jobs from a broker and hands proofs in.

apps/prover-agent/bin/prover-agent --prover-broker-host URL [settings]`;

async function main(): Promise<void> {
  const { settings } = readProgramSettings({ settings: agentSettings, usage, version });
  const logger = createLogger({ clock: systemClock }, settings.observability, "agent");
  const hasher = await createFieldHasher({ logger }, settings.fieldHasher);
  try {
    const process = { clock: systemClock, random: systemRandom, hasher, logger };
    const meter = new PrometheusMeter();
    const services = new Lifecycle({
      services: [
        { name: "metrics", service: createProgramMetrics({ process, meter, version }, settings.metrics) },
        { name: "agent", service: createRemoteAgent(process, meter, settings) },
      ],
    });
    await runUntilStopped(services, {
      onStarted: () =>
        logger.info(
          `proving for ${settings.agent.brokerHost}, ${counted(settings.agent.concurrency, "job")} at a time`,
        ),
      onStopping: why => logger.info(`stopping (${why})`),
    });
  } finally {
    hasher.close();
    await logger.close();
  }
}

main().catch(exitWith);
