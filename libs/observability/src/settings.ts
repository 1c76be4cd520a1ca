import { defineSettings, integer, oneOf, type SettingsOf, text } from "@sprtn/settings";

/** From the most to the least important. */
export const logLevels = ["error", "warn", "info", "verbose", "debug"] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** What is logged, how, and where to. */
export const observabilitySettings = defineSettings({
  logLevel: {
    env: "LOG_LEVEL",
    parse: oneOf(logLevels),
    default: "info",
    description: "Least severe level that is logged",
  },
  logFormat: {
    env: "LOG_FORMAT",
    parse: oneOf(["human", "json"]),
    default: "human",
    description: "human: one readable line per entry; json: one JSON object per line",
  },
  logFile: {
    env: "LOG_FILE",
    parse: text("a file"),
    default: undefined,
    defaultText: "standard output only",
    description: "File to log to as well, always as JSON",
  },
  logOutputFile: {
    env: "LOG_OUTPUT_FILE",
    parse: text("a file"),
    default: undefined,
    defaultText: "standard output is not bounded",
    description:
      "File that standard output is appended to (>>): the log is written there, and the file kept within " +
      "LOG_FILE_MAX_MB and LOG_FILE_COUNT",
  },
  logFileMaxMb: {
    env: "LOG_FILE_MAX_MB",
    parse: integer({ min: 1, max: 10_240 }),
    default: 50,
    description: "Size in MiB at which a log file is replaced by a new one",
  },
  logFileCount: {
    env: "LOG_FILE_COUNT",
    parse: integer({ min: 1, max: 1000 }),
    default: 5,
    description: "Files that are kept of a log, the one in use included",
  },
});

/** What {@link observabilitySettings} are read into. */
export type ObservabilitySettings = SettingsOf<typeof observabilitySettings>;
