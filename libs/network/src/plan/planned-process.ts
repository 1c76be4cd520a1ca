/** What a process is for. */
export type ProcessRole = "l1" | "deploy" | "bootnode" | "prover" | "agent" | "validator" | "dense" | "control" | "pxe";

/** The programs that a network's processes run. */
export type ProgramName = "l1" | "deployer" | "node" | "prover-agent";

/** What is set for a process from where only its owner reads. */
export type SecretName = "MNEMONIC" | "PROVER_BROKER_TOKEN";

/** One process of a network: nothing in it depends on where the network's folder is, and nothing is secret. */
export interface PlannedProcess {
  readonly name: string;
  readonly role: ProcessRole;
  readonly program: ProgramName;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretName[];
  /** Where GET /ready or, for L1, JSON-RPC answers; absent: it runs to its end. */
  readonly port?: number | undefined;
  /** Of gossip, TCP and UDP; of validators that share a process, the first one's. */
  readonly p2pPort?: number | undefined;
  /** First account of the mnemonic that is its own, and its validators among those of the network. */
  readonly account?: number | undefined;
  readonly validators?: { readonly first: number; readonly count: number } | undefined;
  readonly memoryBytes: number;
  /** Connections with which it counts as part of the network. */
  readonly minPeers: number;
}
