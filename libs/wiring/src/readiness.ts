import type { Archiver } from "@sprtn/archiver";
import type { CreatedNode } from "./create-node.js";
import { attests } from "./bind-node.js";
import type { NodeOptions } from "./node-options.js";
import { parts } from "./node-tokens.js";

/** What keeps a node from its work, for GET /ready. */
export interface Unready {
  readonly code: string;
  readonly reason: string;
}

/** Each of what must hold for `node` to be ready; the first that does not is told. */
export function readinessChecks(node: CreatedNode, options: NodeOptions): readonly (() => Unready | undefined)[] {
  const { get } = node;
  const ofKey = [() => get(parts.ownKeyWatch).alarm(), () => get(parts.membership).problem()];
  return [() => inStep(get(parts.archiver)), ...(attests(options) ? ofKey : [])];
}

/** Whether a node follows L1 to its head; if not, the code of what keeps it, and what to do. */
export function inStep(archiver: Pick<Archiver, "synced" | "trouble">): Unready | undefined {
  if (archiver.synced()) return undefined;
  return (
    archiver.trouble() ?? {
      code: "NODE_NOT_SYNCED",
      reason: "the node has not caught up with L1 yet: wait, or look at its log for what L1 says",
    }
  );
}

/** The first thing that is wrong, or that nothing is. */
export function readinessOf(
  checks: readonly (() => Unready | undefined)[],
): { readonly ready: true } | ({ readonly ready: false } & Unready) {
  for (const check of checks) {
    const unready = check();
    if (unready !== undefined) return { ready: false, ...unready };
  }
  return { ready: true };
}
