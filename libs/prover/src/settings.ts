import { boolean, defineSettings, integer, nodeUrl, type Parser, type SettingsOf, text, url } from "@sprtn/settings";

/** Long enough that nobody can guess it; it is put into an HTTP header unchanged. */
const token: Parser<string> = {
  expected: "16 to 200 letters, digits or - . _ ~ + / =, such as the output of openssl rand -hex 32",
  read: value => (/^[\w\-.~+/=]{16,200}$/.test(value) ? value : undefined),
};

/** What of proving a prover node does itself, and what for others. */
export const proverNodeSettings = defineSettings({
  agentEnabled: {
    env: "PROVER_AGENT_ENABLED",
    parse: boolean,
    default: true,
    description: "Run an agent in the prover node's own process",
  },
  pollingIntervalMs: {
    env: "PROVER_NODE_POLLING_INTERVAL_MS",
    parse: integer({ min: 10, max: 60_000 }),
    default: 1000,
    description: "How often the prover node looks for new blocks and finished epochs, ms",
  },
});

/** Where proof jobs are kept: for prover nodes, and for agents that share their Redis. */
export const proverQueueSettings = defineSettings({
  url: {
    env: "PROVER_QUEUE_URL",
    parse: url(["redis", "rediss"]),
    secret: true,
    default: undefined,
    description:
      "Redis for the proof jobs, if several prover nodes and agents share them; without it the prover node keeps " +
      "them in its data directory",
  },
  token: {
    env: "PROVER_BROKER_TOKEN",
    parse: token,
    secret: true,
    default: undefined,
    description:
      "Secret shared by a prover node and its agents on other machines; without it the prover node hands out no " +
      "jobs over RPC",
  },
  leaseMs: {
    env: "PROVER_BROKER_LEASE_MS",
    parse: integer({ min: 100, max: 3_600_000 }),
    default: 30_000,
    description: "Time without a heartbeat after which a job is given to another agent, ms",
  },
  attempts: {
    env: "PROVER_BROKER_ATTEMPTS",
    parse: integer({ min: 1, max: 100 }),
    default: 3,
    description: "Number of failures after which a proof job counts as failed",
  },
  lostLeases: {
    env: "PROVER_BROKER_LOST_LEASES",
    parse: integer({ min: 1, max: 1000 }),
    default: 10,
    description:
      "Number of agents that may vanish while working on a proof job before it counts as failed; restarts of hosts " +
      "cause some",
  },
});

/** Where an agent finds its broker, and how much it does at a time. */
export const proverAgentSettings = defineSettings({
  brokerHost: {
    env: "PROVER_BROKER_HOST",
    parse: nodeUrl,
    default: undefined,
    description:
      "URL of the prover node whose broker hands out the jobs; with a PROVER_QUEUE_URL, any node of the network",
  },
  concurrency: {
    env: "PROVER_AGENT_CONCURRENCY",
    parse: integer({ min: 1, max: 256 }),
    default: 1,
    description: "Proofs made at a time",
  },
  pollMs: {
    env: "PROVER_AGENT_POLL_INTERVAL_MS",
    parse: integer({ min: 10, max: 60_000 }),
    default: 500,
    description: "How long an idle agent waits before it asks for a job again, ms",
  },
  name: {
    env: "PROVER_AGENT_NAME",
    parse: text("a name"),
    default: "agent",
    description: "Name of this agent in the broker's logs",
  },
});

/** What {@link proverNodeSettings} are read into. */
export type ProverNodeOptions = SettingsOf<typeof proverNodeSettings>;
/** What {@link proverQueueSettings} are read into. */
export type ProverQueueOptions = SettingsOf<typeof proverQueueSettings>;
/** What {@link proverAgentSettings} are read into. */
export type ProverAgentOptions = SettingsOf<typeof proverAgentSettings>;
