import { type BlockNumber, codeOf, equalBytes, L1BlockNumber } from "@sprtn/primitives";
import type { ChainEvent, Clock, KvStore, L1BlockRef, L1Reader, Logger, StateStore } from "@sprtn/ports";
import { throwIfAborted } from "@sprtn/runtime";
import type { L2Block } from "@sprtn/protocol";
import { ArchiverError, ArchiverErrorCode, isOfEndpoint } from "./archiver-error.js";
import type { ArchiverMetrics } from "./archiver-metrics.js";
import { type ChainChanges, chainEvents, changesOf } from "./chain-changes.js";
import { type ArchivedDeployment, genesisBlock, identityOf } from "./chain-rules.js";
import { followEvent } from "./follow/follow-event.js";
import { unwindState } from "./follow/follow-prune.js";
import { applyWaiting } from "./follow/follow-waiting.js";
import type { Following } from "./follow/following.js";
import { type Ancestor, findAncestor } from "./l1/find-ancestor.js";
import { reachableL1 } from "./l1/reachable-l1.js";
import { type L1Range, nextRange, type RangeContent, readRange } from "./l1/read-range.js";
import { applyBlock } from "./state/apply-block.js";
import { isStateOf, reconcileState, requireAhead, stateDiverged } from "./state/reconcile-state.js";
import { ChainDraft } from "./store/chain-draft.js";
import { genesisRecord } from "./store/chain-record.js";
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
}

interface Commit {
  readonly after: ChainSnapshot;
  readonly changes: ChainChanges;
  readonly cause: "prune" | "reorg";
}

/** Follows L1 round by round: takes back what a reorg removed, reads what is new, stores each range in one batch. */
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
  /** Bad blocks of whose proofs the log has told. */
  readonly #toldProofs = new Set<BlockNumber>();

  constructor(dependencies: ChainSyncDependencies, settings: ChainSyncSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#l1 = reachableL1(dependencies.l1);
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

  /** Whether all that L1 showed in the last round is followed. */
  get synced(): boolean {
    return this.#caughtUp && this.#snapshot.chain.bad === null;
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
    await reconcileState(state, this.stored, stored, signal);
    const uncertain = this.#uncertain;
    this.#uncertain = undefined;
    this.#opened = true;
    if (uncertain && isSame(uncertain.after, stored)) return this.#publish(uncertain);
    this.#take(stored);
  }

  /** One look at L1. @throws ArchiverError */
  async round(signal: AbortSignal): Promise<void> {
    if (!this.#opened) await this.open(signal);
    try {
      await this.#follow(signal);
    } catch (error) {
      // An L1 that cannot be followed now leaves everything as it was; all else may have left the state ahead of the
      // store.
      if (!isOfEndpoint(codeOf(error))) this.#opened = false;
      throw error;
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { metrics, state } = this.#dependencies;
    const [head, finalized] = await Promise.all([this.#l1.head(), this.#l1.finalized()]);
    const lag = Math.max(0, head.number - this.#next() + 1);
    metrics.l1Lag.set(lag);
    if (lag > FAR_BEHIND_L1_BLOCKS) this.#caughtUp = false;
    const ancestor = await findAncestor(this.#l1, this.#snapshot, head);
    if (ancestor.kind === "behind") return this.#requireFinalized(head);
    if (ancestor.kind === "reorg") await this.#takeBack(ancestor);
    for (;;) {
      throwIfAborted("following L1", signal);
      const range = nextRange(this.#next(), { head, finalized, maxBlocks: this.#settings.l1RangeBlocks });
      if (!range) break;
      const content = await readRange(this.#l1, range, this.#snapshot);
      if (!content) return;
      await this.#followRange(range, content, finalized);
      metrics.l1Lag.set(Math.max(0, head.number - range.to));
    }
    await this.#followFinality(finalized);
    this.#caughtUp = isStateOf(state, this.#snapshot.tip);
  }

  /** Short of a block that L1 had finalized, it is far behind or another L1. @throws ArchiverError L1_BEHIND */
  #requireFinalized(head: L1BlockRef): void {
    const { l1Finalized } = this.#snapshot.cursor;
    if (l1Finalized === null || head.number >= l1Finalized) return;
    throw new ArchiverError(
      ArchiverErrorCode.L1_BEHIND,
      `L1 is at block ${head.number} and had finalized ${l1Finalized} before: wait if the endpoint is catching up; if it serves another L1 than the one that this data is of (a new anvil, say), correct ETHEREUM_HOST or delete the data directory`,
      { l1Block: l1Finalized },
    );
  }

  #next(): L1BlockNumber {
    const { synced } = this.#snapshot.cursor;
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
    await unwindState(state, changes.base.header.number);
    for (const block of changes.added)
      await applyBlock(state, { block, messages: draft.read.subtree(block.header.number) });
    if (!isStateOf(state, draft.tip)) throw stateDiverged(state);
    await this.#commit(draft, changes, "reorg");
  }

  async #followRange(range: L1Range, { blocks, events }: RangeContent, finalized: L1BlockRef): Promise<void> {
    const { state, clock, logger, metrics } = this.#dependencies;
    const { deployment } = this.#settings;
    const startedMs = clock.nowMs();
    const draft = this.#draft();
    const following: Following = {
      draft,
      state,
      parameters: deployment.parameters,
      identity: identityOf(deployment),
      logger,
      metrics,
      toldProofs: this.#toldProofs,
      waiting: range.final ? [] : undefined,
    };
    let next = 0;
    for (const block of blocks) {
      for (let event = events[next]; event && event.position.blockNumber <= block.number; event = events[++next])
        await followEvent(following, event);
      if (range.final) await applyWaiting(following);
      draft.sealL1Block(block, { undo: !range.final });
    }
    if (range.final) draft.finalizeL1(range.to);
    else if (draft.holdsL1Block(finalized)) draft.finalizeL1(finalized.number);
    if (!isStateOf(state, draft.tip)) {
      // Only L1's finalized past can lie below the state; what is open has to be followed block by block.
      if (!range.final) throw stateDiverged(state);
      requireAhead(state, draft.cursor.finalized.number);
    }
    await this.#commit(draft, changesOf(this.#snapshot, this.stored, draft), "prune");
    metrics.syncSeconds.observe(Math.max(0, clock.nowMs() - startedMs) / 1000);
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
    const commit: Commit = { after: draft.snapshot(), changes, cause };
    this.#uncertain = commit;
    // Not synced to the disk: a machine that fails loses the last batches as a whole, and L1 has them.
    await this.#dependencies.store.write(draft.operations());
    this.#uncertain = undefined;
    await this.#publish(commit);
  }

  /** The batch is stored: from here on this is the chain. */
  async #publish({ after, changes, cause }: Commit): Promise<void> {
    const { state, metrics, tell } = this.#dependencies;
    const before = this.#snapshot;
    this.#take(after);
    metrics.blocks.add(changes.added.length);
    metrics.txs.add(changes.added.reduce((sum, block) => sum + block.effects.length, 0));
    this.#report(before, after, changes);
    try {
      const { number } = after.cursor.finalized;
      if (number > before.cursor.finalized.number) await state.finalize(number);
    } finally {
      await tell(chainEvents(before, after, changes, cause));
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
    if (bad && !before.chain.bad) {
      logger.warn(
        "L1 holds a block that breaks a rule: this node stays below it until L1 prunes it; if other nodes follow it, this one is defective",
        { block: bad.number, code: bad.code },
      );
      logger.verbose("why the block is not followed", { block: bad.number, reason: bad.reason });
    }
    if (before.chain.bad && before.chain.bad.number !== bad?.number) this.#toldProofs.delete(before.chain.bad.number);
    if (!bad && before.chain.bad)
      logger.info("L1 has removed the block that broke a rule: following again", { block: before.chain.bad.number });
    if (added.length > 0 || removed.length > 0)
      logger.verbose("pending chain", {
        tip: after.chain.pending.number,
        added: added.length,
        removed: removed.length,
        l1Block: after.cursor.synced,
      });
  }
}

/** Every commit changes the cursor or the last L1 block. */
function isSame(a: ChainSnapshot, b: ChainSnapshot): boolean {
  return (
    a.l1Blocks.at(-1)?.hash === b.l1Blocks.at(-1)?.hash && equalBytes(encodeCursor(a.cursor), encodeCursor(b.cursor))
  );
}
