import { stat } from "node:fs/promises";
import { startDevnet } from "@sprtn/l1-client/devnet";
import { createLogger } from "@sprtn/observability";
import { systemClock } from "@sprtn/observability/system";
import { codeOf, messageOf } from "@sprtn/primitives";
import { parseSettings } from "@sprtn/settings";
import { l1ProcessSettings } from "./l1-settings.js";

// The L1 of a network of processes: anvil, whose state is kept whole, until SIGTERM.
async function main(): Promise<void> {
  const stopping = Promise.withResolvers<string>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.resolve(signal));
  const { settings } = parseSettings(l1ProcessSettings, { env: process.env });
  const { port, host, accounts, stateFile, blockSeconds } = settings.l1;
  const logger = createLogger({ clock: systemClock }, settings.observability, "l1");
  // What was deployed a moment ago must outlive a crash: whoever deployed asks for it.
  let keep = async (): Promise<void> => undefined;
  process.on("SIGHUP", () => void keep().catch((error: unknown) => logger.warn(messageOf(error))));
  try {
    const continues = await stat(stateFile).then(
      () => true,
      () => false,
    );
    const devnet = await startDevnet(
      { port, host, accounts, stateFile, blockTimeSeconds: blockSeconds, slotsInAnEpoch: 2 },
      { clock: systemClock, logger },
    );
    // An L1 that continues where it stopped shows an old head until its next block.
    if (continues) await devnet.mine();
    logger.info(`L1 at ${devnet.url}, chain ${devnet.chainId}`, { continues });
    keep = () => devnet.keepNow();
    const died = devnet.died.then(({ code, signal }) => `anvil ended by itself (${signal ?? `code ${code}`})`);
    const why = await Promise.race([stopping.promise, died]);
    logger.info(`stopping (${why})`);
    await devnet.stop();
    logger.info("stopped");
    if (why.startsWith("anvil")) process.exitCode = 1;
  } catch (error) {
    logger.error(messageOf(error), { code: codeOf(error) });
    process.exitCode = 1;
  } finally {
    await logger.close();
  }
}

await main();
