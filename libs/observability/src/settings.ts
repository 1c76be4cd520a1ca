import { defineSettings, integer, oneOf, type SettingsOf, text } from "@sprtn/settings";

export const logLevels = ["error", "warn", "info", "verbose", "debug"] as const;

export type LogLevel = (typeof logLevels)[number];

export const observabilitySettings = defineSettings({
  logLevel: {
    env: "LOG_LEVEL",
    parse: oneOf(logLevels),
    default: "info",
    description: "The least important level that is logged",
  },
  logFormat: {
    env: "LOG_FORMAT",
    parse: oneOf(["human", "json"]),
    default: "human",
    description: "One line for people, or one JSON object a line",
  },
  logFile: {
    env: "LOG_FILE",
    parse: text("a file"),
    default: undefined,
    defaultText: "standard output only",
    description: "Logs to this file as well, always as JSON",
  },
  logFileMaxMb: {
    env: "LOG_FILE_MAX_MB",
    parse: integer({ min: 1, max: 10_240 }),
    default: 50,
    description: "Size in MiB at which the log file is replaced by a new one",
  },
  logFileCount: {
    env: "LOG_FILE_COUNT",
    parse: integer({ min: 1, max: 1000 }),
    default: 5,
    description: "Log files that are kept, the one in use included",
  },
});

export type ObservabilitySettings = SettingsOf<typeof observabilitySettings>;
