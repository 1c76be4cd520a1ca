import type { Mode, Role } from "./role.js";

/** One node as its operator wants it: everything that its files are rendered from. */
export interface Installation {
  /** Whole path of the folder that holds its files. */
  readonly directory: string;
  readonly name: string;
  readonly role: Role;
  readonly mode: Mode;
  /** Of JSON-RPC. */
  readonly rpcPort: number;
  /** Of gossip (TCP) and discovery (UDP). */
  readonly p2pPort: number;
  /** What peers are told to connect to: an IP, or `auto` for what the node finds out at each start. */
  readonly ip?: string | undefined;
  readonly ethereumHosts: readonly string[];
  /** Of L1, as the network says. */
  readonly l1ChainId?: bigint | undefined;
  /** RPC URL of a node of the network, from which deployment and first peer are learnt. */
  readonly bootnodeUrl?: string | undefined;
  readonly deploymentFile?: string | undefined;
  /** L1 private key, 0x and 64 digits. */
  readonly privateKey?: string | undefined;
  readonly peerKey?: string | undefined;
  /** Folder of the node's data; relative to `directory` if it is not whole. `volume`: a named volume. */
  readonly data: string;
  /** Of an agent: the prover node that it works for. */
  readonly brokerUrl?: string | undefined;
  /** Shared by a prover node and its agents. */
  readonly brokerToken?: string | undefined;
  /** Further settings of the node, by environment name. */
  readonly further: Readonly<Record<string, string>>;
}

/** What `--data` says for a named volume. */
export const VOLUME = "volume";
