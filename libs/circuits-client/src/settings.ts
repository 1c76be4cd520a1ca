import { crsSettings } from "@sprtn/crs/settings";
import { boolean, defineSettings, integer, type SettingsOf } from "@sprtn/settings";

/** Whether proofs are real, how many threads one takes, and the points that it needs. */
export const circuitsSettings = defineSettings({
  realProofs: {
    env: "PROVER_REAL_PROOFS",
    parse: boolean,
    default: undefined,
    defaultText: "what the deployment's verifier takes",
    description:
      "Make actual proofs; false runs each circuit's twin and emits a marker. Refused where the " +
      "deployment's verifier takes the other kind",
  },
  simulatedDelayMs: {
    env: "PROVER_SIMULATED_DELAY_MS",
    parse: integer({ min: 0, max: 600_000 }),
    default: 0,
    description: "How long a simulated tx base proof takes; other circuits take what they do in proportion, ms",
  },
  threads: {
    env: "PROVER_THREADS",
    parse: integer({ min: 1, max: 256 }),
    default: undefined,
    defaultText: "every core",
    description: "Threads of each proof",
  },
  ...crsSettings,
});

/** What {@link circuitsSettings} are read into. */
export type CircuitsOptions = SettingsOf<typeof circuitsSettings>;
