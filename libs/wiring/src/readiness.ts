import type { Archiver } from "@sprtn/archiver";
import type { AssembledNode } from "./node.js";

/** What keeps a node from its work, for GET /ready. */
export interface Unready {
  readonly code: string;
  readonly reason: string;
}

/** Each of what must hold for `node` to be ready; the first that does not is told. */
export function readinessChecks({ parts }: Pick<AssembledNode, "parts">): readonly (() => Unready | undefined)[] {
  const { chain, key, sequencer } = parts;
  const ofKey =
    key === undefined || sequencer === undefined
      ? []
      : [() => key.ownKeyWatch.alarm(), () => sequencer.membership.problem()];
  return [() => inStep(chain.archiver), ...ofKey];
}

/** Whether a node follows L1 to its head; if not, the code of what keeps it, and what to do. */
export function inStep(archiver: Pick<Archiver, "synced" | "trouble">): Unready | undefined {
  if (archiver.synced()) return undefined;
  return (
    archiver.trouble() ?? {
      code: "NODE_NOT_SYNCED",
      reason: "the node has not caught up with L1 yet: wait, or see its log for trouble with L1",
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
