import { codeOf, detailsOf, messageOf, type UnixSeconds } from "@sprtn/primitives";
import type { Clock, L1Publisher, Logger, RollupView } from "@sprtn/ports";
import { throwIfAborted, withTimeout } from "@sprtn/runtime";
import { isL1Away } from "./l1-away.js";

export interface KeepHouseDependencies {
  readonly clock: Clock;
  readonly rollup: RollupView;
  readonly publisher: L1Publisher;
  readonly logger: Logger;
}

/**
 * `imminent`: not due now, but before a block of this slot could be on L1, whose own prune would then leave the block
 * without its parent.
 */
export type PruneState = "not-due" | "imminent" | "pruned" | "failed";

/**
 * PROV-4: drops the pending chain to the proven tip once its proof can come no more. `publishBy` is when a block of
 * this slot leaves at the latest; after `timeoutMs` it is given up.
 */
export async function pruneIfDue(
  { rollup, publisher, clock, logger }: KeepHouseDependencies,
  times: { readonly now: UnixSeconds; readonly publishBy: UnixSeconds; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<PruneState> {
  if (!(await rollup.canPrune(times.now))) return (await rollup.canPrune(times.publishBy)) ? "imminent" : "not-due";
  try {
    // What is stuck must not hold up this key's slots to come: the next transaction takes its nonce.
    await withTimeout({ clock, timeoutMs: times.timeoutMs, what: "pruning", signal }, inTime =>
      publisher.prune(inTime),
    );
    logger.warn("pruned the pending chain to the proven tip: the proof was not submitted in time");
    return "pruned";
  } catch (error) {
    throwIfAborted("pruning", signal);
    if (isL1Away(error)) throw error;
    const fields = { code: codeOf(error), reason: messageOf(error) };
    const { reason } = detailsOf(error) as { readonly reason?: unknown };
    if (reason === "Prov4_NothingToPrune")
      logger.info("nothing to prune any more: another node was first, or the proof came", fields);
    else logger.warn("prune failed; it is tried again", fields);
    return "failed";
  }
}
