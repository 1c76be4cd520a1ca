import { boolean, defineSettings, durationMs, integer, list, port, type SettingsOf, text } from "@sprtn/settings";

/** Where the server listens, for whom, and how much work it does for them. */
export const rpcSettings = defineSettings({
  port: { env: "AZTEC_PORT", parse: port, default: 8080, description: "Port of the JSON-RPC server" },
  host: {
    env: "RPC_HOST",
    parse: text("an address to listen on"),
    default: "127.0.0.1",
    description: "Address that the JSON-RPC server listens on; 0.0.0.0 opens it to everyone who can reach this machine",
  },
  allowedHosts: {
    env: "RPC_ALLOWED_HOSTS",
    parse: list(text("a host name or address")),
    default: [],
    description:
      "Host names under which the JSON-RPC server is reached, besides localhost and the addresses that it listens " +
      "on: those in its callers' URLs, or those that a reverse proxy passes on. * allows any name, and so lets any " +
      "web page that is open on a machine near this node call it",
  },
  corsOrigins: {
    env: "RPC_CORS_ORIGINS",
    parse: list(text("an origin such as https://wallet.example")),
    default: [],
    description: "Origins of web pages that may call the JSON-RPC server from a browser; * for every page",
  },
  dashboardEnabled: {
    env: "DASHBOARD_ENABLED",
    parse: boolean,
    default: true,
    description: "Whether the JSON-RPC server's address shows the node's page to browsers, at / and /ui",
  },
  requestTimeoutMs: {
    env: "RPC_REQUEST_TIMEOUT",
    parse: durationMs({ min: 1 }),
    default: 30_000,
    description: "How long a JSON-RPC request may take, including all calls of a batch",
  },
  headersTimeoutMs: {
    env: "RPC_HEADERS_TIMEOUT",
    parse: durationMs({ min: 1 }),
    default: 5_000,
    description: "How long a caller of the JSON-RPC server may take to send a request's headers",
  },
  bodyTimeoutMs: {
    env: "RPC_BODY_TIMEOUT",
    parse: durationMs({ min: 1 }),
    default: 15_000,
    description: "How long a caller of the JSON-RPC server may take to send a whole request",
  },
  maxConnections: {
    env: "RPC_MAX_CONNECTIONS",
    parse: integer({ min: 1 }),
    default: 1_000,
    description: "Most simultaneous connections to the JSON-RPC server",
  },
  maxConnectionsPerAddress: {
    env: "RPC_MAX_CONNECTIONS_PER_ADDRESS",
    parse: integer({ min: 1 }),
    default: 100,
    description: "Most simultaneous connections from one address to the JSON-RPC server",
  },
  workPerSecond: {
    env: "RPC_WORK_PER_SECOND",
    aliases: ["RPC_CALLS_PER_SECOND"],
    parse: integer({ min: 1 }),
    default: 500,
    description:
      "Units of work per second that one address may request from the JSON-RPC server: 1 per request, per call, " +
      "per 10 blocks, and per 64 KiB in or out",
  },
  workBurst: {
    env: "RPC_WORK_BURST",
    aliases: ["RPC_CALL_BURST"],
    parse: integer({ min: 1 }),
    default: 2_000,
    description: "Units of work that one address may request from the JSON-RPC server in a burst",
  },
  totalWorkPerSecond: {
    env: "RPC_TOTAL_WORK_PER_SECOND",
    parse: integer({ min: 1 }),
    default: 2_000,
    description:
      "Units of work per second that the JSON-RPC server does for all callers together; callers beyond that wait. " +
      "Here, 4 KiB of newly serialised JSON count as 1 unit",
  },
});

/** What {@link rpcSettings} are read into. */
export type RpcSettings = SettingsOf<typeof rpcSettings>;
