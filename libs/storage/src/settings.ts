import { defineSettings, integer, type SettingsOf, text } from "@sprtn/settings";

/** Where data is kept, and how much of it stays in memory. */
export const storageSettings = defineSettings({
  dataDirectory: {
    env: "DATA_DIRECTORY",
    parse: text("a directory"),
    default: undefined,
    defaultText: "in memory, lost when the program ends",
    description: "Directory for the node's data; only one process at a time can use it",
  },
  cacheMb: {
    env: "STORAGE_CACHE_MB",
    parse: integer({ min: 1, max: 65_536 }),
    default: 64,
    description: "Memory for caching data read from disk, in MiB",
  },
});

/** What {@link storageSettings} are read into. */
export type StorageSettings = SettingsOf<typeof storageSettings>;
