import { boolean, defineSettings, integer, oneOf, type SettingsOf, text } from "@sprtn/settings";

/** Where points come from and are kept, which hasher, how many threads a proof takes. */
export const circuitsSettings = defineSettings({
  realProofs: {
    env: "PROVER_REAL_PROOFS",
    parse: boolean,
    default: undefined,
    defaultText: "what the deployment's verifier takes",
    description:
      "Make actual proofs; false runs each circuit's twin and emits a marker. Refused where the deployment's verifier takes the other kind",
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
  hasher: {
    env: "FIELD_HASHER",
    parse: oneOf(["simd", "wasm", "native", "js"]),
    default: "simd" as const,
    description: "Poseidon2 implementation",
  },
  crsPath: {
    env: "CRS_PATH",
    parse: text("a directory"),
    default: undefined,
    defaultText: "the cache, where one is prepared if need be",
    description: "Structured reference string in Barretenberg's format (bn254_g1.dat, bn254_g2.dat), used as it is",
  },
  crsCache: {
    env: "CRS_CACHE",
    parse: text("a directory"),
    default: undefined,
    defaultText: "sprtn/crs in $XDG_CACHE_HOME or ~/.cache",
    description:
      "Where structured reference strings, and Barretenberg as it is adapted to the dev one, are kept for all deployments of this user; about 300 MB",
  },
});

/** What {@link circuitsSettings} are read into. */
export type CircuitsOptions = SettingsOf<typeof circuitsSettings>;
