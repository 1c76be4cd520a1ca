import type { OperatorHost } from "../host/operator-host.js";
import type { NetworkFacts } from "../installation/network-facts.js";
import type { InstalledNode } from "../installation/read-installation.js";

/** What a check found: `skipped` is one that this node has no need of. */
export interface Finding {
  readonly state: "ok" | "warn" | "fail" | "skipped";
  /** What was seen, and, unless all is well, what to do. */
  readonly text: string;
}

/** What every check may look at. */
export interface CheckContext {
  readonly host: OperatorHost;
  readonly node: InstalledNode;
  /** Whether the node runs: then its ports are its own. */
  readonly running: boolean;
  /** Of this program. */
  readonly version: string;
  /** Throws what is wrong with the settings that the node is started with. */
  readonly checkSettings: (env: { readonly name: string; readonly text: string }) => void;
  /** What the node at BOOTNODE_URL tells; asked once. */
  readonly network: () => Promise<NetworkFacts>;
}

/** One thing that can be wrong. What it throws is its finding. */
export interface Check {
  readonly name: string;
  /** It is the one that tells of an endpoint that does not answer; others have nothing to add to that. */
  readonly tellsUnreachable?: true;
  readonly run: (context: CheckContext) => Promise<Finding>;
}

export const ok = (text: string): Finding => ({ state: "ok", text });
export const warn = (text: string): Finding => ({ state: "warn", text });
export const fail = (text: string): Finding => ({ state: "fail", text });
export const skipped = (text: string): Finding => ({ state: "skipped", text });
