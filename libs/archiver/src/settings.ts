import { defineSettings, durationMs, integer, type SettingsOf } from "@sprtn/settings";

/** How often L1 is looked at, and how much of it is stored at once. */
export const archiverSettings = defineSettings({
  pollingIntervalMs: {
    env: "ARCHIVER_POLLING_INTERVAL_MS",
    parse: durationMs({ min: 10 }),
    default: 1000,
    description: "How often L1 is asked for new blocks",
  },
  l1RangeBlocks: {
    env: "ARCHIVER_L1_RANGE_BLOCKS",
    parse: integer({ min: 1, max: 10_000 }),
    default: 200,
    description: "L1 blocks read and stored at once while catching up",
  },
});

/** What {@link archiverSettings} are read into. */
export type ArchiverSettings = SettingsOf<typeof archiverSettings>;
