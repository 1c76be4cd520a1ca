import { defineSettings, durationMs, integer, port, type SettingsOf, text } from "@sprtn/settings";

export const rpcSettings = defineSettings({
  port: { env: "AZTEC_PORT", parse: port, default: 8080, description: "Port of the JSON-RPC server" },
  host: {
    env: "RPC_HOST",
    parse: text("an address to listen on"),
    default: "127.0.0.1",
    description: "Address that the JSON-RPC server listens on; 0.0.0.0 opens it to everyone who can reach this machine",
  },
  requestTimeoutMs: {
    env: "RPC_REQUEST_TIMEOUT",
    parse: durationMs({ min: 1 }),
    default: 30_000,
    description: "How long a JSON-RPC call may take",
  },
  maxConnections: {
    env: "RPC_MAX_CONNECTIONS",
    parse: integer({ min: 1 }),
    default: 1_000,
    description: "Connections to the JSON-RPC server at once",
  },
  callsPerSecond: {
    env: "RPC_CALLS_PER_SECOND",
    parse: integer({ min: 1 }),
    default: 500,
    description: "JSON-RPC calls that one address may make a second",
  },
  callBurst: {
    env: "RPC_CALL_BURST",
    parse: integer({ min: 1 }),
    default: 2_000,
    description: "JSON-RPC calls that one address may make at once",
  },
});

export type RpcSettings = SettingsOf<typeof rpcSettings>;
