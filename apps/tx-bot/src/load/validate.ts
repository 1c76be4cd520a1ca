import { Exit, type Verb } from "@sprtn/host";
import { drawArrivals, LoadError, LoadErrorCode } from "@sprtn/load";
import { presets } from "@sprtn/deployment";
import { composeSettings } from "@sprtn/settings";
import { readProgramSettings } from "@sprtn/wiring/program";
import { readScenarioFile } from "./read-scenario-file.js";

const usage = `Checks scenarios without running them.

apps/tx-bot/bin/tx-bot validate SCENARIO…`;

const MAX_FILES = 1_000;

/** `validate`: what a scenario asks for, or what is wrong with it. */
export const validate: Verb = async (args, { version }) => {
  const program = { settings: composeSettings({}), usage, version, args, maxPositionals: MAX_FILES };
  const { positionals } = readProgramSettings(program);
  if (positionals.length === 0)
    throw new LoadError(LoadErrorCode.BAD_SCENARIO, "give the file of a scenario: tx-bot validate SCENARIO…");
  for (const path of positionals) {
    const scenario = await readScenarioFile(path);
    const { slotDuration, epochDuration } = presets[scenario.network?.preset ?? "local"].parameters;
    const rules = {
      slotDuration: scenario.network?.slotDuration ?? slotDuration,
      epochDuration: scenario.network?.epochDuration ?? epochDuration,
    };
    const { list, offeredMs, warmupMs } = drawArrivals(scenario, rules);
    const counted = list.filter(({ atMs }) => atMs >= 0).length;
    process.stdout.write(
      `${path}: ${scenario.name}, ${counted} payments in ${offeredMs / 1_000} s after ${warmupMs / 1_000} s of ` +
        `warm-up, ${scenario.wallets} accounts, ${scenario.faults.length} faults\n`,
    );
  }
  return Exit.WELL;
};
