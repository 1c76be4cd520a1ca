import type { HostFiles, ProcessTable } from "@sprtn/host";
import type { Clock, NodeApi } from "@sprtn/ports";
import type { ProgramName } from "../plan/planned-process.js";

/** What `GET /ready` answered; `undefined`: nobody did. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly code: string; readonly reason: string };

/** What a node is asked. */
export type AskedNode = Pick<NodeApi, "getChainTips" | "getPeers" | "getPendingTxs">;

/** All that starting and watching a network takes from the machine it runs on. */
export interface NetworkHost {
  readonly clock: Clock;
  readonly processes: ProcessTable<ProgramName>;
  readonly files: HostFiles;
  readonly cores: number;
  freeBytes(): number;
  /** Whether somebody has a port of this machine already: listens on it or, of UDP, is bound to it. */
  isPortTaken(port: number, protocol: "tcp" | "udp"): Promise<boolean>;
  readiness(url: string): Promise<Readiness | undefined>;
  /** Whether an L1 answers. */
  isL1Ready(url: string): Promise<boolean>;
  node(url: string): AskedNode;
  /** A secret that nobody has seen. */
  newToken(): string;
}
