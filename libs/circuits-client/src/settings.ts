import { crsSettings } from "@sprtn/crs/settings";
import { boolean, defineSettings, integer, type SettingsOf } from "@sprtn/settings";

/** Whether proofs are real, how many threads one takes, and the points that it needs. */
export const circuitsSettings = defineSettings({
  realProofs: {
    env: "PROVER_REAL_PROOFS",
    parse: boolean,
    default: undefined,
    defaultText: "what the deployment's verifier accepts",
    description:
      "Make real proofs; if false, each circuit's TypeScript twin runs and a marker takes the proof's place. " +
      "Refused if the deployment's verifier accepts the other kind only",
  },
  simulatedDelayMs: {
    env: "PROVER_SIMULATED_DELAY_MS",
    parse: integer({ min: 0, max: 600_000 }),
    default: 0,
    description:
      "How long a simulated tx-base proof takes, ms; other circuits take proportionally as long as their real " +
      "proofs",
  },
  threads: {
    env: "PROVER_THREADS",
    parse: integer({ min: 1, max: 256 }),
    default: undefined,
    defaultText: "every core",
    description: "Threads per proof",
  },
  ...crsSettings,
});

/** What {@link circuitsSettings} are read into. */
export type CircuitsOptions = SettingsOf<typeof circuitsSettings>;
