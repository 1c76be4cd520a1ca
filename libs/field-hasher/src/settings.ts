import { defineSettings, oneOf, type SettingsOf } from "@sprtn/settings";

/** Which hasher. */
export const fieldHasherSettings = defineSettings({
  kind: {
    env: "FIELD_HASHER",
    parse: oneOf(["simd", "wasm", "native", "js"]),
    default: "simd" as const,
    description: "Poseidon2 implementation",
  },
});

/** What {@link fieldHasherSettings} are read into. */
export type FieldHasherOptions = SettingsOf<typeof fieldHasherSettings>;
