import { presets } from "@sprtn/deployment";
import type { Addressing } from "./addressing.js";
import { denseShares } from "./dense-shares.js";
import { CONTROLS, denseBytes, FirstPort, PROCESS_BYTES, PROVING_BYTES } from "./network-limits.js";
import type { NetworkParameters } from "./network-parameters.js";
import type { PlannedProcess } from "./planned-process.js";

/**
 * Accounts of the mnemonic by what they are for. 0 deploys, 2 is left to whoever uses the network; further provers come
 * after the validators.
 */
export enum NetworkAccount {
  PROVER = 1,
  FIRST_VALIDATOR = 3,
}

/** More than this many connections help nobody on one machine. */
const WANTED_PEERS = 8;

interface Surroundings {
  readonly cores: number;
  readonly addressing: Addressing;
}

type Draft = Pick<PlannedProcess, "name" | "role"> & {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly account?: number;
  readonly validators?: { readonly first: number; readonly count: number };
};

/** Every process of a network, in the order in which they start. */
export function planProcesses(
  parameters: NetworkParameters,
  surroundings: Surroundings,
): { readonly processes: readonly PlannedProcess[]; readonly accounts: number } {
  const { sequencers, provers } = parameters;
  const accounts = NetworkAccount.FIRST_VALIDATOR + sequencers + Math.max(0, provers - 1);
  const planner = new Planner(parameters, surroundings);
  return {
    accounts,
    processes: [planner.l1(accounts), planner.deploy(), ...(parameters.p2p ? planner.withPeers() : [planner.alone()])],
  };
}

/** Hands out ports and accounts as it goes. */
class Planner {
  #rpcPort: number;
  #p2pPort: number;
  readonly #bootnodeUrl: string;

  constructor(
    private readonly parameters: NetworkParameters,
    private readonly surroundings: Surroundings,
  ) {
    const offset = surroundings.addressing.samePorts ? 0 : parameters.portOffset;
    this.#rpcPort = FirstPort.RPC + offset;
    this.#p2pPort = FirstPort.P2P + offset;
    this.#bootnodeUrl = surroundings.addressing.rpcUrl("bootnode", this.#rpcPort);
  }

  l1(accounts: number): PlannedProcess {
    const { samePorts } = this.surroundings.addressing;
    const port = FirstPort.L1 + (samePorts ? 0 : this.parameters.portOffset);
    return {
      name: "l1",
      role: "l1",
      program: "l1",
      args: [],
      environment: {
        NETWORK_L1_PORT: String(port),
        NETWORK_L1_HOST: samePorts ? "0.0.0.0" : "127.0.0.1",
        NETWORK_L1_ACCOUNTS: String(accounts),
        NETWORK_L1_STATE_FILE: samePorts ? "/data/l1.json" : "l1.json",
      },
      secrets: [],
      port,
      memoryBytes: PROCESS_BYTES,
      minPeers: 0,
    };
  }

  deploy(): PlannedProcess {
    const { parameters: given, surroundings } = this;
    return {
      name: "deploy",
      role: "deploy",
      program: "deployer",
      args: [],
      environment: {
        ETHEREUM_HOST: surroundings.addressing.l1Url,
        DEPLOY_PRESET: given.preset,
        DEPLOY_VALIDATOR_COUNT: String(given.sequencers),
        DEPLOY_VALIDATOR_INDEX: String(NetworkAccount.FIRST_VALIDATOR),
        DEPLOY_SLOT_DURATION: String(given.slotDuration),
        DEPLOY_EPOCH_DURATION: String(given.epochDuration),
        DEPLOY_COMMITTEE_SIZE: String(given.committeeSize),
        DEPLOY_PROOFS: given.proving === "real" ? "real" : "simulated",
        ...(given.fees ? {} : { DEPLOY_FEES: "off" }),
        DEPLOY_OUT: surroundings.addressing.deploymentFile,
      },
      // The deployer's own name for it would be DEPLOY_MNEMONIC; on a devnet it takes the devnet's by itself.
      secrets: [],
      memoryBytes: 0,
      minPeers: 0,
    };
  }

  /** One sequencer, which proves in its own process, since nobody could send it anything. */
  alone(): PlannedProcess {
    const { provers } = this.parameters;
    const node = this.#node({
      name: "validator-1",
      role: "validator",
      args: ["--node", "--sequencer", ...(provers > 0 ? ["--prover-node"] : [])],
      environment: { P2P_ENABLED: "false", DEPLOYMENT_FILE: this.surroundings.addressing.deploymentFile },
      account: NetworkAccount.FIRST_VALIDATOR,
      validators: { first: 0, count: 1 },
    });
    return provers > 0 ? { ...withToken(node), memoryBytes: this.#provingBytes(true) } : node;
  }

  withPeers(): PlannedProcess[] {
    const { provers, agents, pxes, cluster, sequencers } = this.parameters;
    const bootnode = this.#node({
      name: "bootnode",
      role: "bootnode",
      args: ["--p2p-bootstrap"],
      environment: { DEPLOYMENT_FILE: this.surroundings.addressing.deploymentFile },
    });
    const proverNodes = numbered(provers, number => this.#prover(number));
    const urls = proverNodes.map(({ name, port }) => this.surroundings.addressing.rpcUrl(name, port as number));
    const agentProcesses = numbered(agents, number => this.#agent(number, urls[(number - 1) % urls.length] as string));
    const validators =
      cluster === "dense"
        ? this.#dense(urls)
        : numbered(sequencers, number =>
            this.#validator({ name: `validator-${number}`, role: "validator" }, { first: number - 1, urls }),
          );
    const pxeNodes = numbered(pxes, number =>
      this.#node({ name: `pxe-${number}`, role: "pxe", args: ["--node", "--pxe"], environment: this.#joining() }),
    );
    return [bootnode, ...proverNodes, ...agentProcesses, ...validators, ...pxeNodes];
  }

  #prover(number: number): PlannedProcess {
    const { agents, sequencers } = this.parameters;
    const further = NetworkAccount.FIRST_VALIDATOR + sequencers + number - 2;
    const node = this.#node({
      name: `prover-${number}`,
      role: "prover",
      args: ["--node", "--prover-node"],
      environment: { ...this.#joining(), PROVER_AGENT_ENABLED: String(agents === 0) },
      account: number === 1 ? NetworkAccount.PROVER : further,
    });
    return { ...withToken(node), memoryBytes: this.#provingBytes(agents === 0) };
  }

  /** Of a process that may prove. */
  #provingBytes(proves: boolean): number {
    return PROCESS_BYTES + (proves && this.parameters.proving === "real" ? PROVING_BYTES : 0);
  }

  #agent(number: number, proverUrl: string): PlannedProcess {
    const port = this.#nextRpcPort();
    const name = `agent-${number}`;
    return {
      name,
      role: "agent",
      program: "prover-agent",
      args: [],
      environment: {
        PROVER_AGENT_NAME: name,
        PROVER_BROKER_HOST: proverUrl,
        ...this.surroundings.addressing.caches,
        ...this.surroundings.addressing.metrics(port),
      },
      secrets: ["PROVER_BROKER_TOKEN"],
      port,
      memoryBytes: this.#provingBytes(true),
      minPeers: 0,
    };
  }

  /** All but the controls share processes, one a core. */
  #dense(urls: readonly string[]): PlannedProcess[] {
    const { sequencers } = this.parameters;
    const shared = sequencers - CONTROLS;
    const processes = denseShares(shared, this.surroundings.cores).map(({ first, count }, i) => {
      const node = this.#validator({ name: `dense-${i + 1}`, role: "dense" }, { first, urls, count });
      return { ...node, memoryBytes: denseBytes(count) };
    });
    const controls = numbered(CONTROLS, number =>
      this.#validator({ name: `control-${number}`, role: "control" }, { first: shared + number - 1, urls }),
    );
    return [...processes, ...controls];
  }

  #validator(
    own: Pick<PlannedProcess, "name" | "role">,
    { first, urls, count = 1 }: { readonly first: number; readonly urls: readonly string[]; readonly count?: number },
  ): PlannedProcess {
    const proverUrl = urls[first % Math.max(1, urls.length)];
    const dense = own.role === "dense";
    return this.#node({
      ...own,
      args: [...(dense ? ["--dense", `${first}..${first + count - 1}`] : []), "--node", "--sequencer"],
      environment: { ...this.#joining(), ...(proverUrl === undefined ? {} : { PROVER_CLIENT_URL: proverUrl }) },
      // A dense process counts from the network's first validator.
      account: NetworkAccount.FIRST_VALIDATOR + (dense ? 0 : first),
      validators: { first, count },
    });
  }

  /** How a node learns of its network. */
  #joining(): Readonly<Record<string, string>> {
    return { BOOTNODE_URL: this.#bootnodeUrl };
  }

  #node({ name, role, args, environment = {}, account, validators }: Draft): PlannedProcess {
    const { addressing } = this.surroundings;
    const rpc = this.#nextRpcPort();
    const p2p = addressing.samePorts ? this.#p2pPort : this.#p2pPort++;
    return {
      name,
      role,
      program: "node",
      args,
      environment: {
        NODE_NAME: name,
        DATA_DIRECTORY: addressing.dataDirectory,
        ...addressing.caches,
        ...addressing.listen({ name, rpc, p2p }),
        // A bootstrap node has no L1.
        ...(role === "bootnode" ? {} : this.#l1Environment()),
        ...(role === "bootnode" ? {} : { P2P_MIN_PEERS: String(Math.min(WANTED_PEERS, this.#others())) }),
        ...(account === undefined ? {} : { MNEMONIC_INDEX: String(account) }),
        ...(validators === undefined ? {} : this.#sequencing()),
        ...environment,
      },
      secrets: account === undefined ? [] : ["MNEMONIC"],
      port: rpc,
      ...(this.parameters.p2p ? { p2pPort: p2p } : {}),
      ...(account === undefined ? {} : { account }),
      ...(validators === undefined ? {} : { validators }),
      memoryBytes: PROCESS_BYTES,
      minPeers: 0,
    };
  }

  /** Blocks without transactions too: an idle network shows that it lives. */
  #sequencing(): Readonly<Record<string, string>> {
    const { maxTxsPerBlock } = presets[this.parameters.preset].choices;
    return { SEQ_MIN_TX_PER_BLOCK: "0", SEQ_MAX_TX_PER_BLOCK: String(maxTxsPerBlock) };
  }

  /** L1 mines a block a second on the same machine: nodes look often, and a head that stands still is a fault. */
  #l1Environment(): Readonly<Record<string, string>> {
    return {
      ETHEREUM_HOST: this.surroundings.addressing.l1Url,
      L1_SLOT_SECONDS: "1",
      L1_MAX_HEAD_AGE: "30s",
      L1_POLLING_INTERVAL: "500ms",
      ARCHIVER_POLLING_INTERVAL_MS: "500ms",
    };
  }

  /** Nodes besides one of them that gossip. */
  #others(): number {
    const { p2p, sequencers, provers, pxes } = this.parameters;
    return p2p ? sequencers + provers + pxes - 1 : 0;
  }

  #nextRpcPort(): number {
    return this.surroundings.addressing.samePorts ? this.#rpcPort : this.#rpcPort++;
  }
}

/** A prover node that listens on more than its own machine does not start without one, even if it hands out no jobs. */
function withToken(node: PlannedProcess): PlannedProcess {
  return { ...node, secrets: [...node.secrets, "PROVER_BROKER_TOKEN"] };
}

function numbered<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i + 1));
}
