import type { ChainFollower } from "@sprtn/ports";
import type { SetMembership } from "@sprtn/sequencer";
import type { OwnKeyWatch } from "@sprtn/validator";

/** What keeps a node from its work, for GET /ready. */
export interface Unready {
  readonly code: string;
  readonly reason: string;
}

/** The parts of a node that know what keeps it from its work. */
export interface ReadinessParts {
  readonly chain: { readonly archiver: Pick<ChainFollower, "synced" | "trouble"> };
  readonly key?: { readonly ownKeyWatch: Pick<OwnKeyWatch, "alarm"> } | undefined;
  readonly sequencer?: { readonly membership: Pick<SetMembership, "problem"> } | undefined;
}

/** Each of what must hold for a node to be ready; the first that does not is told. */
export function readinessChecks({ chain, key, sequencer }: ReadinessParts): readonly (() => Unready | undefined)[] {
  const ofKey =
    key === undefined || sequencer === undefined
      ? []
      : [() => key.ownKeyWatch.alarm(), () => sequencer.membership.problem()];
  return [() => inStep(chain.archiver), ...ofKey];
}

/** The checks of nodes that share a process and its GET /ready: the reason says whose it is. */
export function sharedReadinessChecks(
  nodes: readonly { readonly options: { readonly name: string }; readonly parts: ReadinessParts }[],
): readonly (() => Unready | undefined)[] {
  return nodes.flatMap(({ options: { name }, parts }) =>
    readinessChecks(parts).map(check => () => {
      const unready = check();
      return unready && { ...unready, reason: `${name}: ${unready.reason}` };
    }),
  );
}

/** Whether a node follows L1 to its head; if not, the code of what keeps it, and what to do. */
export function inStep(archiver: Pick<ChainFollower, "synced" | "trouble">): Unready | undefined {
  if (archiver.synced()) return undefined;
  return (
    archiver.trouble() ?? {
      code: "NODE_NOT_SYNCED",
      reason: "the node has not caught up with L1 yet: wait; if this lasts, see its log",
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
