import { codeOf, messageOf, type UnixSeconds } from "@sprtn/primitives";
import type { L1Publisher, Logger, RollupView } from "@sprtn/ports";
import { throwIfAborted } from "@sprtn/runtime";

export interface KeepHouseDependencies {
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
 * this slot leaves at the latest.
 */
export async function pruneIfDue(
  { rollup, publisher, logger }: KeepHouseDependencies,
  times: { readonly now: UnixSeconds; readonly publishBy: UnixSeconds },
  signal: AbortSignal,
): Promise<PruneState> {
  if (!(await rollup.canPrune(times.now))) return (await rollup.canPrune(times.publishBy)) ? "imminent" : "not-due";
  try {
    await publisher.prune(signal);
    logger.warn("pruned the pending chain to the proven tip: its proof did not come in time");
    return "pruned";
  } catch (error) {
    throwIfAborted("pruning", signal);
    logger.warn("prune failed; another node may have been first", { code: codeOf(error), reason: messageOf(error) });
    return "failed";
  }
}
