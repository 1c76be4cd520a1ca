import { boolean, defineSettings, integer, list, oneOf, type SettingsOf } from "@sprtn/settings";

/** Byzantine behaviour for tests; refused on any network that is not a test network. */
export const faults = ["invalid-proposals", "offline", "withhold-attestations"] as const;
/** A fault that a test network may ask a validator to commit. */
export type Fault = (typeof faults)[number];

/** Whether a validator does its duties, and what it does wrong on test networks. */
export const validatorSettings = defineSettings({
  disabled: {
    env: "VALIDATOR_DISABLED",
    parse: boolean,
    default: false,
    description: "Perform no validator duties: neither propose nor attest",
  },
  attestationsPollingIntervalMs: {
    env: "VALIDATOR_ATTESTATIONS_POLLING_INTERVAL_MS",
    parse: integer({ min: 1, max: 60_000 }),
    default: 200,
    description: "How often a proposer checks the attestations that have arrived, ms",
  },
  faults: {
    env: "TEST_FAULTS",
    parse: list(oneOf([...faults])),
    default: [] as readonly Fault[],
    description: "Faults that this node commits on purpose, on test networks only",
  },
});

/** What {@link validatorSettings} are read into. */
export type ValidatorOptions = SettingsOf<typeof validatorSettings>;
