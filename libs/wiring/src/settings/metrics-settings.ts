import { defineSettings, port, type SettingsOf, text } from "@sprtn/settings";

/** Where a program without RPC shows its metrics. */
export const metricsSettings = defineSettings({
  port: {
    env: "METRICS_PORT",
    parse: port,
    default: undefined,
    defaultText: "none",
    description: "Port of this program's Prometheus metrics (GET /metrics)",
  },
  host: {
    env: "METRICS_HOST",
    parse: text("an address to listen on"),
    default: "127.0.0.1",
    description: "Address that the metrics are served on",
  },
});

/** What {@link metricsSettings} are read into. */
export type MetricsSettings = SettingsOf<typeof metricsSettings>;
