import { L1BlockNumber } from "@sprtn/primitives";
import type { Clock, L1BlockRef, L1Position, L1Reader, Logger, StateStore } from "@sprtn/ports";
import type { ArchiverMetrics } from "./archiver-metrics.js";
import { type ArchivedDeployment, identityOf } from "./chain-rules.js";
import { followEvent } from "./follow/follow-event.js";
import { followMessage } from "./follow/follow-message.js";
import { applyWaiting } from "./follow/follow-waiting.js";
import type { Following } from "./follow/following.js";
import type { CompletenessCheck } from "./l1/check-complete.js";
import { type L1Range, type RangeContent, readRange } from "./l1/read-range.js";
import { isBefore } from "./l1/rewind.js";
import { isStateOf, requireAhead, stateDiverged } from "./state/reconcile-state.js";
import type { ChainDraft } from "./store/chain-draft.js";

export interface RangeFollowerDependencies {
  readonly l1: L1Reader;
  readonly completeness: CompletenessCheck;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ArchiverMetrics;
}

/** L1 is read again from below what is final. */
export interface RereadRange {
  /** Events before it were followed and not reverted, except for messages. */
  readonly start: L1Position;
  /** The L1 block from which on what was read can be compared with L1's state. */
  readonly compareFrom: L1BlockNumber;
}

/** Brings the events of L1 blocks into a draft of the chain, and into the state. */
export class RangeFollower {
  readonly #dependencies: RangeFollowerDependencies;
  readonly #settings: { readonly deployment: ArchivedDeployment; readonly l1RangeBlocks: number };

  constructor(
    dependencies: RangeFollowerDependencies,
    settings: { readonly deployment: ArchivedDeployment; readonly l1RangeBlocks: number },
  ) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /**
   * Follows a range, or as much of it as could be read; `false` when L1 changed meanwhile.
   * @throws ArchiverError L1_EVENTS_MISSING, L1_BLOCK_MISSING, L1_UNREACHABLE, STATE_DIVERGED
   */
  async follow(
    draft: ChainDraft,
    range: L1Range,
    { finalized, reread }: { readonly finalized: L1BlockRef; readonly reread?: RereadRange | undefined },
  ): Promise<boolean> {
    const { l1, completeness, state, clock, metrics } = this.#dependencies;
    const startedMs = clock.steadyMs();
    const content = await readRange(l1, range, draft);
    if (!content) return false;
    await this.#followEvents(draft, content, { final: range.final, reread });
    if (range.final) draft.finalizeL1(range.to);
    else if (draft.holdsL1Block(finalized)) draft.finalizeL1(finalized.number);
    if (!isStateOf(state, draft.tip)) {
      // Only L1's finalized past can lie below the state; what is open has to be followed block by block.
      if (!range.final) throw stateDiverged(state);
      requireAhead(state, draft.cursor.finalized.number);
    }
    if (!reread || range.to >= reread.compareFrom) await completeness.range(draft, range, content);
    metrics.syncSeconds.observe((clock.steadyMs() - startedMs) / 1000);
    return true;
  }

  /** Adds what `draft` lacks of the messages up to an L1 block. */
  async followMessages(draft: ChainDraft, to: number): Promise<void> {
    const { deployment, l1RangeBlocks } = this.#settings;
    for (let from = deployment.l1StartBlock; from <= to; from += l1RangeBlocks) {
      const last = Math.min(to, from + l1RangeBlocks - 1);
      for (const event of await this.#dependencies.l1.events(L1BlockNumber(from), L1BlockNumber(last)))
        if (event.type === "message-sent") followMessage(this.#following(draft), event);
    }
  }

  async #followEvents(
    draft: ChainDraft,
    { blocks, events }: RangeContent,
    { final, reread }: { readonly final: boolean; readonly reread: RereadRange | undefined },
  ): Promise<void> {
    const following = this.#following(draft, final ? [] : undefined);
    let next = 0;
    for (const { number, hash } of blocks) {
      for (let event = events[next]; event && event.position.blockNumber <= number; event = events[++next])
        if (!reread || !isBefore(event, reread.start)) await followEvent(following, event);
      if (final) await applyWaiting(following);
      draft.sealL1Block({ number, hash }, { undo: !final });
    }
  }

  #following(draft: ChainDraft, waiting?: Following["waiting"]): Following {
    const { state, logger } = this.#dependencies;
    const { deployment } = this.#settings;
    return { draft, state, parameters: deployment.parameters, identity: identityOf(deployment), logger, waiting };
  }
}
