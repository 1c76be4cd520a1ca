import { codeOf, equalBytes, L1BlockNumber } from "@sprtn/primitives";
import type { ChainEvent, Clock, KvStore, L1BlockRef, L1Reader, LogFields, Logger, StateStore } from "@sprtn/ports";
import { throwIfAborted } from "@sprtn/runtime";
import type { L2Block } from "@sprtn/protocol";
import { ArchiverError, ArchiverErrorCode, eventsMissing } from "./archiver-error.js";
import type { ArchiverMetrics } from "./archiver-metrics.js";
import { type ChainChanges, chainEvents, changesOf } from "./chain-changes.js";
import { type ArchivedDeployment, genesisBlock } from "./chain-rules.js";
import { unwindState } from "./follow/follow-prune.js";
import { CompletenessCheck } from "./l1/check-complete.js";
import { type Ancestor, findAncestor } from "./l1/find-ancestor.js";
import { Patience } from "./l1/patience.js";
import { reachableL1 } from "./l1/reachable-l1.js";
import { type L1Range, nextRange } from "./l1/read-range.js";
import { type Reread, RereadSchedule } from "./l1/reread-schedule.js";
import { rewind } from "./l1/rewind.js";
import { RangeFollower } from "./range-follower.js";
import { applyBlock } from "./state/apply-block.js";
import { isStateOf, reconcileState, stateDiverged } from "./state/reconcile-state.js";
import { ChainDraft } from "./store/chain-draft.js";
import { type BadBlock, genesisRecord, isSameVerdict } from "./store/chain-record.js";
import { ChainReader } from "./store/chain-reader.js";
import { type ChainSnapshot, tipsOf } from "./store/chain-snapshot.js";
import { encodeCursor, startOfSync } from "./store/cursor-record.js";
import { openChain } from "./store/open-chain.js";

/** More unread L1 blocks than this, and the node counts as catching up. */
const FAR_BEHIND_L1_BLOCKS = 32;

export interface ChainSyncDependencies {
  readonly l1: L1Reader;
  readonly store: KvStore;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ArchiverMetrics;
  /** Told after the state has followed and the batch is written. */
  readonly tell: (events: readonly ChainEvent[]) => Promise<void>;
}

export interface ChainSyncSettings {
  readonly deployment: ArchivedDeployment;
  readonly l1RangeBlocks: number;
  /** How long what a round has shown counts as L1's present, ms: a round on a slow L1 may end with an old head. */
  readonly presentMs: number;
}

interface Commit {
  readonly after: ChainSnapshot;
  readonly changes: ChainChanges;
  readonly cause: "prune" | "reorg";
  /** Those on L1 blocks that had not been read before. */
  readonly prunes: number;
}

/** Follows L1 round by round: reverts what a reorg removed, reads what is new, stores each range in one batch. */
export class ChainSync {
  readonly #dependencies: ChainSyncDependencies;
  readonly #settings: ChainSyncSettings;
  readonly #l1: L1Reader;
  readonly #genesis: L2Block;
  readonly stored: ChainReader;
  #snapshot: ChainSnapshot;
  #opened = false;
  /** A batch whose write failed: it may be stored all the same. */
  #uncertain: Commit | undefined;
  #caughtUp = false;
  /** When the head was asked for that the last round followed L1 to, ms. */
  /** By both clocks: only the wall clock counts while a machine sleeps, and only the other minds no setting. */
  #headAt = { wallMs: 0, steadyMs: 0 };
  /** The state may have moved without the store: open again. */
  #unsettled = false;
  readonly #completeness: CompletenessCheck;
  readonly #follower: RangeFollower;
  readonly #rereads = new RereadSchedule();
  readonly #patience = new Patience();

  constructor(dependencies: ChainSyncDependencies, settings: ChainSyncSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#l1 = reachableL1(dependencies.l1);
    this.#completeness = new CompletenessCheck(this.#l1);
    this.#follower = new RangeFollower({ ...dependencies, l1: this.#l1, completeness: this.#completeness }, settings);
    this.#genesis = genesisBlock(settings.deployment);
    this.stored = new ChainReader(dependencies.store, this.#genesis);
    this.#snapshot = {
      chain: genesisRecord(this.#genesis),
      cursor: startOfSync(this.#genesis),
      l1Blocks: [],
      tip: this.#genesis,
    };
  }

  get snapshot(): ChainSnapshot {
    return this.#snapshot;
  }

  /** Whether all that L1 showed in the last round is followed, and that was just now. */
  get synced(): boolean {
    const { clock } = this.#dependencies;
    const { wallMs, steadyMs } = this.#headAt;
    const ageMs = Math.max(clock.nowMs() - wallMs, clock.steadyMs() - steadyMs);
    const isPresent = ageMs <= this.#settings.presentMs;
    return this.#caughtUp && isPresent && this.#snapshot.chain.bad === null;
  }

  /** The next round will have to show again that this node follows. */
  loseTrack(): void {
    this.#caughtUp = false;
  }

  /**
   * Brings memory and state to what is stored: at the start, and after anything failed half-way.
   * @throws ArchiverError OTHER_CHAIN, BAD_RECORD, STATE_DIVERGED
   */
  async open(signal: AbortSignal): Promise<void> {
    const { store, state } = this.#dependencies;
    const stored = await openChain(store, this.#settings.deployment, this.#genesis);
    await reconcileState({ state, stored: this.stored }, stored, signal);
    const uncertain = this.#uncertain;
    this.#uncertain = undefined;
    this.#opened = true;
    if (uncertain && isSame(uncertain.after, stored)) return this.#publish(uncertain);
    this.#take(stored);
  }

  /**
   * One look at L1. Whether all that it showed is followed; `false` when it changed meanwhile, or the endpoint is
   * behind.
   * @throws ArchiverError
   */
  async round(signal: AbortSignal): Promise<boolean> {
    if (!this.#opened) await this.open(signal);
    try {
      const hasFollowed = await this.#follow(signal);
      if (hasFollowed) this.#rereads.followed();
      return hasFollowed;
    } catch (error) {
      this.#completeness.doubt();
      if (codeOf(error) === ArchiverErrorCode.L1_EVENTS_MISSING) this.#rereads.missed();
      if (contradictions.has(codeOf(error))) this.#l1.turnAway();
      throw error;
    } finally {
      if (this.#unsettled) this.#opened = false;
      this.#unsettled = false;
    }
  }

  /** Whether all that L1 showed is followed; `false` when it changed meanwhile, or the endpoint is behind. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    const { metrics, state, clock } = this.#dependencies;
    const startedAt = { wallMs: clock.nowMs(), steadyMs: clock.steadyMs() };
    const [head, finalized] = await Promise.all([this.#l1.head(), this.#l1.finalized()]);
    const lag = Math.max(0, head.number - this.#next(this.#snapshot) + 1);
    metrics.l1Lag.set(lag);
    if (lag > FAR_BEHIND_L1_BLOCKS) this.#caughtUp = false;
    const ancestor = await findAncestor(this.#l1, this.#snapshot, head);
    if (ancestor.kind === "behind") {
      this.#requireFinalized(head);
      this.#l1.turnAway();
      this.#patience.behind(head);
      return false;
    }
    if (ancestor.kind === "unsettled") {
      this.#patience.changed();
      return false;
    }
    if (ancestor.kind === "reorg") await this.#takeBack(ancestor);
    const reread = this.#rereads.due(this.#snapshot.chain.bad);
    if (reread && !(await this.#readAgain(reread, { head, finalized, signal }))) {
      this.#patience.changed();
      return false;
    }
    for (;;) {
      throwIfAborted("following L1", signal);
      const range = this.#nextRange(this.#snapshot, head, finalized);
      if (!range) break;
      const draft = await this.#confirmed(async () => {
        const next = this.#draft();
        return (await this.#follower.follow(next, range, { finalized })) ? next : undefined;
      });
      if (!draft) {
        this.#patience.changed();
        return false;
      }
      await this.#commit(draft, changesOf(this.#snapshot, this.stored, draft), "prune");
      metrics.l1Lag.set(Math.max(0, head.number - this.#next(this.#snapshot) + 1));
    }
    await this.#followFinality(finalized);
    await this.#completeness.rest(this.#draft());
    this.#patience.settled();
    this.#caughtUp = isStateOf(state, this.#snapshot.tip);
    this.#headAt = startedAt;
    return true;
  }

  /** Short of a block that L1 had finalized, it is far behind or another L1. @throws ArchiverError L1_BEHIND */
  #requireFinalized(head: L1BlockRef): void {
    const { l1Finalized } = this.#snapshot.cursor;
    if (l1Finalized === null || head.number >= l1Finalized) return;
    throw new ArchiverError(
      ArchiverErrorCode.L1_BEHIND,
      `L1 is at block ${head.number}, but had already finalized block ${l1Finalized}: wait if the endpoint is ` +
        "catching up; if it serves a different L1 from the one this data was read from (such as a new anvil), " +
        "correct ETHEREUM_HOST or delete the data directory",
      { l1Block: l1Finalized },
    );
  }

  #nextRange(
    at: Pick<ChainSnapshot, "cursor">,
    head: L1BlockRef,
    finalized: Pick<L1BlockRef, "number">,
  ): L1Range | undefined {
    return nextRange(this.#next(at), { head, finalized, maxBlocks: this.#settings.l1RangeBlocks });
  }

  #next({ cursor: { synced } }: Pick<ChainSnapshot, "cursor">): L1BlockNumber {
    return L1BlockNumber(synced === null ? this.#settings.deployment.l1StartBlock : synced + 1);
  }

  /** FINAL-3 an L1 reorg unwinds exactly what it removed. */
  async #takeBack({ number, depth }: Extract<Ancestor, { readonly kind: "reorg" }>): Promise<void> {
    const { state, logger, metrics } = this.#dependencies;
    const draft = this.#draft();
    draft.unwindL1(number);
    const changes = changesOf(this.#snapshot, this.stored, draft);
    metrics.reorgDepth.observe(depth);
    logger.info("L1 reorg", {
      l1Blocks: depth,
      blocksRemoved: changes.removed.length,
      blocksBack: changes.added.length,
    });
    this.#unsettled = true;
    await unwindState(state, changes.base.header.number);
    for (const block of changes.added)
      await applyBlock(state, { block, messages: draft.read.subtree(block.header.number) });
    if (!isStateOf(state, draft.tip)) throw stateDiverged(state);
    await this.#commit(draft, changes, "reorg");
  }

  /**
   * PEND-8: a verdict is never that of one reading. What `build` makes is built a second time, from another endpoint if
   * there is one, when it finds a block bad that was not known to be.
   *
   * @throws ArchiverError L1_EVENTS_MISSING when the two readings differ
   */
  async #confirmed(build: () => Promise<ChainDraft | undefined>): Promise<ChainDraft | undefined> {
    this.#unsettled = true;
    const first = await build();
    if (!first || first.chain.bad === null || isSameVerdict(first.chain.bad, this.#snapshot.chain.bad)) return first;
    this.#l1.turnAway();
    const second = await build();
    if (second && !isSameVerdict(first.chain.bad, second.chain.bad))
      throw eventsMissing(
        `block ${first.chain.bad.number} looked faulty at first, but not when it was read again`,
        { block: first.chain.bad.number },
        first.chain.bad.reason,
      );
    return second;
  }

  /** Whether L1 was read again, as far as it had been before at least; `false` when it changed meanwhile. */
  async #readAgain(
    reread: Reread,
    { head, finalized, signal }: { head: L1BlockRef; finalized: L1BlockRef; signal: AbortSignal },
  ): Promise<boolean> {
    const { state, logger } = this.#dependencies;
    const { synced, l1Finalized } = this.#snapshot.cursor;
    if (synced === null) return true;
    this.#caughtUp = false;
    // A verdict is looked at with other eyes.
    if (this.#snapshot.chain.bad) this.#l1.turnAway();
    logger.verbose("L1 is read again", { reread, l1Block: synced });
    const draft = await this.#confirmed(async () => {
      const next = this.#draft();
      const start = rewind(next, reread);
      await unwindState(state, next.tip.header.number);
      if (start && reread === "everything") await this.#follower.followMessages(next, start.blockNumber - 1);
      // What was final when it was read stays final, though this endpoint may not know.
      const final = { number: L1BlockNumber(Math.max(finalized.number, l1Finalized ?? 0)) };
      for (;;) {
        throwIfAborted("reading L1 again", signal);
        const range = this.#nextRange(next, head, final);
        if (!range) return next;
        // The draft holds messages that come later than what is read again: only the end can be compared.
        const below = start && { start, compareFrom: synced };
        if (!(await this.#follower.follow(next, range, { finalized, reread: below }))) return undefined;
      }
    });
    if (!draft) return false;
    await this.#commit(draft, changesOf(this.#snapshot, this.stored, draft), "reorg");
    return true;
  }

  async #followFinality(finalized: L1BlockRef): Promise<void> {
    const draft = this.#draft();
    if (finalized.number <= (draft.cursor.l1Finalized ?? -1) || !draft.holdsL1Block(finalized)) return;
    draft.finalizeL1(finalized.number);
    await this.#commit(draft, changesOf(this.#snapshot, this.stored, draft), "prune");
  }

  #draft(): ChainDraft {
    return new ChainDraft(this.#dependencies.store, this.#genesis, this.#snapshot);
  }

  async #commit(draft: ChainDraft, changes: ChainChanges, cause: Commit["cause"]): Promise<void> {
    const prunes = draft.prunesAbove(this.#snapshot.cursor.synced);
    const commit: Commit = { after: draft.snapshot(), changes, cause, prunes };
    this.#unsettled = true;
    this.#uncertain = commit;
    // Not synced to the disk: a machine that fails loses the last batches as a whole, and L1 has them.
    await this.#dependencies.store.write(draft.operations());
    this.#uncertain = undefined;
    await this.#publish(commit);
    this.#unsettled = false;
  }

  /** The batch is stored: from here on this is the chain. */
  async #publish({ after, changes, cause, prunes }: Commit): Promise<void> {
    const { state, metrics, tell } = this.#dependencies;
    const before = this.#snapshot;
    this.#take(after);
    metrics.prunes.add(prunes);
    metrics.blocks.add(changes.added.length);
    metrics.txs.add(changes.added.reduce((sum, block) => sum + block.effects.length, 0));
    this.#report(before, after, changes);
    try {
      const { number } = after.cursor.finalized;
      if (number > before.cursor.finalized.number) await state.finalize(number);
    } finally {
      await tell(chainEvents({ before, after }, changes, cause));
    }
  }

  #take(snapshot: ChainSnapshot): void {
    const { metrics } = this.#dependencies;
    this.#snapshot = snapshot;
    for (const [chain, id] of Object.entries(tipsOf(snapshot))) metrics.tip.set(id.number, { chain });
    metrics.badBlock.set(snapshot.chain.bad ? 1 : 0);
  }

  #report(before: ChainSnapshot, after: ChainSnapshot, { removed, added }: ChainChanges): void {
    const { logger } = this.#dependencies;
    const { bad } = after.chain;
    if (bad && !isSameVerdict(bad, before.chain.bad)) {
      logger.warn(
        "L1 holds a block that breaks a rule: this node stays at the block before it until L1 prunes it; if other " +
          "nodes accept the block, this node is defective",
        badBlockFields(bad),
      );
      logger.verbose("why the block is rejected", { block: bad.number, reason: bad.reason });
    }
    if (bad?.proven && !(before.chain.bad?.proven && isSameVerdict(bad, before.chain.bad)))
      logger.error(
        "L1 holds a proof of a block that breaks a rule according to this node: either the proof system or this " +
          "node is defective; compare with other nodes, and stop validating until the cause is known",
        badBlockFields(bad),
      );
    if (!bad && before.chain.bad)
      logger.info("the block that broke a rule is gone, or was found valid: following L1 again", {
        block: before.chain.bad.number,
      });
    if (added.length > 0 || removed.length > 0)
      logger.verbose("pending chain", {
        tip: after.chain.pending.number,
        added: added.length,
        removed: removed.length,
        l1Block: after.cursor.synced,
      });
  }
}

/** What another endpoint may know better. */
const contradictions: ReadonlySet<string> = new Set([
  ArchiverErrorCode.L1_UNREACHABLE,
  ArchiverErrorCode.L1_EVENTS_MISSING,
  ArchiverErrorCode.L1_BLOCK_MISSING,
  ArchiverErrorCode.L1_UNSETTLED,
  ArchiverErrorCode.L1_BEHIND,
  ArchiverErrorCode.L1_FINALIZED_CHANGED,
]);

/** Which block, by which rule, and where anyone can look it up. */
export function badBlockFields({ number, code, evidence }: BadBlock): LogFields {
  return {
    block: number,
    code,
    ...(evidence && { l1Block: evidence.l1Block, l1Transaction: evidence.transactionHash }),
  };
}

/** Every commit changes the cursor or the last L1 block. */
function isSame(a: ChainSnapshot, b: ChainSnapshot): boolean {
  return (
    a.l1Blocks.at(-1)?.hash === b.l1Blocks.at(-1)?.hash && equalBytes(encodeCursor(a.cursor), encodeCursor(b.cursor))
  );
}
