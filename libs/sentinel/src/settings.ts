import { boolean, defineSettings, integer, type SettingsOf } from "@sprtn/settings";

/** Whether duties are watched, and how long they are remembered. */
export const sentinelSettings = defineSettings({
  enabled: {
    env: "SENTINEL_ENABLED",
    parse: boolean,
    default: true,
    description: "Watch which validators propose and attest, and answer node_getDuties",
  },
  historyEpochs: {
    env: "SENTINEL_HISTORY_EPOCHS",
    parse: integer({ min: 1, max: 10_000 }),
    default: 100,
    description: "Epochs whose duties are remembered",
  },
  minPeers: {
    env: "SENTINEL_MIN_PEERS",
    parse: integer({ min: 0, max: 1_000 }),
    default: 3,
    description: "With fewer peers than this the sentinel judges nobody: what others sent may not have arrived",
  },
});

/** What {@link sentinelSettings} are read into. */
export type SentinelSettings = SettingsOf<typeof sentinelSettings>;
