import { boolean, defineSettings, integer, oneOf, type SettingsOf } from "@sprtn/settings";

export const circuitsSettings = defineSettings({
  realProofs: { env: "PROVER_REAL_PROOFS", parse: boolean, default: false, description: "Make actual proofs; false runs each circuit's twin and emits a marker, for deployments whose verifier accepts it" },
  simulatedDelayMs: { env: "PROVER_SIMULATED_DELAY_MS", parse: integer({ min: 0, max: 600_000 }), default: 0, description: "How long a simulated tx base proof takes; other circuits take what they do in proportion, ms" },
  hasher: { env: "FIELD_HASHER", parse: oneOf(["simd", "wasm", "native", "js"]), default: "simd" as const, description: "Poseidon2 implementation" },
});

export type CircuitsOptions = SettingsOf<typeof circuitsSettings>;
