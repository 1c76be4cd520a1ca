import { codeOf, type EthAddress, messageOf, Slot, UnixSeconds } from "@sprtn/primitives";
import {
  type BuildRules,
  type EpochCommittees,
  inTime,
  proposerOf,
  shouldBuild,
  slotAt,
  slotStart,
  type SlotStep,
  type Timetable,
} from "@sprtn/consensus";
import type { L1Time, Logger, Meter, RollupView, Service } from "@sprtn/ports";
import { Loop, OngoingTrouble, throwIfAborted, unixSeconds } from "@sprtn/runtime";
import { chooseParent, type ChosenParent } from "./choose-parent.js";
import { pruneIfDue } from "./keep-house.js";
import { isL1Away } from "./l1-away.js";
import { type EmptyReason, OwnSlots } from "./own-slots.js";
import {
  build,
  gatherQuorum,
  publish,
  type ProposeDependencies,
  type ProposeSettings,
  type StepDeadlines,
  type Turn,
} from "./propose-block.js";
import { requireSense } from "./require-sense.js";
import { SequencerErrorCode } from "./sequencer-error.js";
import { stepSeconds } from "./sequencer-metrics.js";

/** Those of proposing, and what tells whose slot it is. */
export interface SequencerDependencies extends ProposeDependencies {
  readonly committees: EpochCommittees;
  readonly rollup: RollupView;
  readonly l1Time: L1Time;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** Those of proposing, the slot's timetable, and when a block is worth building. */
export interface SequencerSettings extends ProposeSettings, BuildRules {
  readonly timetable: Timetable;
  readonly enforceTimeTable: boolean;
  /** How often the sequencer looks whether it is its turn, ms. */
  readonly pollIntervalMs: number;
}

/** Passed slots that are looked at again, at most, for whether they were this node's. */
const MAX_PASSED = 64;

/**
 * Proposes in the slots of its key: syncs, builds, gossips, collects, publishes. One slot at a time, each slot once.
 */
export class Sequencer implements Service {
  readonly #loop: Loop;
  readonly #steps;
  readonly #slots: OwnSlots;
  /** The last slot that is done with; `undefined` until the first look. */
  #lastSlot: Slot | undefined;
  /** Ends once a turn of its own goes through. */
  readonly #trouble = new OngoingTrouble();

  readonly #dependencies: SequencerDependencies;

  /** @throws SequencerError BAD_SETTING */
  constructor(
    dependencies: SequencerDependencies,
    private readonly settings: SequencerSettings,
  ) {
    requireSense(settings);
    this.#dependencies = dependencies;
    const { meter, clock } = dependencies;
    this.#steps = stepSeconds(meter);
    this.#slots = new OwnSlots(dependencies);
    this.#loop = new Loop(
      { clock, step: signal => this.#look(signal), onError: error => this.#reportTrouble(error) },
      { intervalMs: settings.pollIntervalMs },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock } = this.#dependencies;
    const { parameters } = this.settings.deployment;
    const nowMs = clock.nowMs();
    if (nowMs < 1000 * parameters.genesisTime) return;
    const slot = slotAt(parameters, UnixSeconds(Math.floor(nowMs / 1000)));
    // PEND-2: there is no block for slot 0.
    this.#lastSlot ??= Slot(Math.max(0, slot - 1));
    // A clock that had jumped ahead is right again. What was signed meanwhile is on record (SIGN-1).
    if (slot < this.#lastSlot - 1) this.#lastSlot = Slot(Math.max(0, slot - 1));
    if (slot <= this.#lastSlot) return;
    try {
      await this.#accountForPassed(slot);
      const committee = await this.#committeeIfOwn(slot);
      if (committee === undefined) this.#lastSlot = slot;
      else await this.#turn(slot, committee, signal);
    } catch (error) {
      this.#slots.note(slot, { code: codeOf(error), reason: messageOf(error) });
      throw error;
    }
    this.#trouble.end();
  }

  /** Own slots that went by while the last look was under way, or while L1 did not say whose they were. */
  async #accountForPassed(slot: Slot): Promise<void> {
    const from = Math.max((this.#lastSlot as Slot) + 1, slot - MAX_PASSED);
    for (let passed = from; passed < slot; passed++) {
      if ((await this.#committeeIfOwn(Slot(passed))) !== undefined) this.#slots.empty(Slot(passed), "missed");
      this.#lastSlot = Slot(passed);
    }
  }

  /** COM-2; COM-4: without a committee anyone may propose, if the deployment allows it. */
  async #committeeIfOwn(slot: Slot): Promise<readonly EthAddress[] | undefined> {
    const { committees, signer } = this.#dependencies;
    const committee = await committees.committeeOfSlot(slot);
    const proposer = proposerOf(slot, committee);
    const { openBootstrap } = this.settings.deployment.parameters;
    return proposer === signer.address || (proposer === undefined && openBootstrap) ? committee : undefined;
  }

  /**
   * Reported once per trouble, until a turn succeeds: L1 may be unreachable for hours, and
   * whatever follows it warns of that.
   */
  #reportTrouble(error: unknown): void {
    const { logger } = this.#dependencies;
    const code = codeOf(error);
    const fields = { code, reason: messageOf(error) };
    if (!this.#trouble.isNew(code)) logger.debug("sequencer step failed again", fields);
    else if (isL1Away(error)) logger.info("the sequencer is waiting for L1", fields);
    else logger.warn("sequencer step failed; retrying", fields);
  }

  async #turn(slot: Slot, committee: readonly EthAddress[], signal: AbortSignal): Promise<void> {
    const startMs = 1000 * slotStart(this.settings.deployment.parameters, slot);
    const elapsedMs = () => this.#dependencies.clock.nowMs() - startMs;
    const { build: lastBuildMs, propose: lastProposeMs, collect: lastCollectMs } = this.settings.timetable;
    // Where the timetable is not enforced: as long as validators still have the time to execute and answer, at the pace
    // that it allows for building.
    const lastMs = this.settings.enforceTimeTable ? lastBuildMs : lastCollectMs - (lastProposeMs - lastBuildMs);
    const parent = await this.#prepare(slot, signal);
    const obstacle = "code" in parent ? parent : await this.#obstacleTo(parent);
    if (obstacle !== undefined) {
      this.#slots.note(slot, obstacle);
      // Something may still come in: look again until it is too late to build.
      if (elapsedMs() < lastMs) return;
    }
    if ("code" in parent) return this.#endEmpty(slot, "not-synced");
    if (obstacle !== undefined) return this.#endEmpty(slot, "nothing-to-build");
    const { enforceTimeTable, timetable: table } = this.settings;
    if (elapsedMs() > lastMs || (enforceTimeTable && !inTime(table, "build", elapsedMs())))
      return this.#endEmpty(slot, "nothing-to-build", {
        code: SequencerErrorCode.LATE_START,
        reason: `${elapsedMs()} ms into the slot, it is too late to build: the limit is ${Math.round(lastMs)} ms`,
      });
    this.#lastSlot = slot;
    const { build: buildMs, propose: proposeMs, collect: collectMs } = this.settings.timetable;
    // Where the timetable is not enforced, a late start gets the time to execute all the same: else it would propose an
    // empty block.
    const deadlines: StepDeadlines = {
      buildMs: Math.max(startMs + proposeMs, this.#dependencies.clock.nowMs() + proposeMs - buildMs),
      collectMs: startMs + collectMs,
    };
    try {
      const excluded = await this.#propose({ slot, committee, parent, deadlines, signal });
      if (excluded === undefined) this.#slots.published(slot);
      else this.#endEmpty(slot, "nothing-to-build", excluded);
    } catch (error) {
      throwIfAborted("proposing", signal);
      this.#endEmpty(slot, isL1Away(error) ? "l1-away" : "failed", { code: codeOf(error), reason: messageOf(error) });
    } finally {
      this.#noteOverrun(slot);
    }
  }

  /** Slots that the block of `slot` has taken from those after it. */
  #noteOverrun(slot: Slot): void {
    const { parameters } = this.settings.deployment;
    const now = slotAt(parameters, unixSeconds(this.#dependencies.clock));
    for (let taken = slot + 1; taken <= Math.min(now, slot + MAX_PASSED); taken++)
      this.#slots.note(Slot(taken), {
        code: SequencerErrorCode.STILL_PUBLISHING,
        reason: `the block of slot ${slot} was still on its way to L1`,
      });
  }

  /** Prunes if that is due, waits if it is about to be, and finds the block to build on, or says what is in the way. */
  async #prepare(slot: Slot, signal: AbortSignal): Promise<ChosenParent | EmptyReason> {
    const {
      deployment: { parameters },
      timetable: { publish: publishMs },
    } = this.settings;
    const { l1Time, clock } = this.#dependencies;
    // TIME-1: what L1's next block would do, whatever this machine's clock says.
    const now = l1Time.nextBlock() ?? unixSeconds(clock);
    const publishBy = UnixSeconds(slotStart(parameters, slot) + Math.ceil(publishMs / 1000));
    const prune = await pruneIfDue(
      this.#dependencies,
      { now, publishBy, timeoutMs: 1000 * parameters.slotDuration },
      signal,
    );
    if (prune === "pruned" || prune === "imminent")
      return { code: SequencerErrorCode.PRUNING, reason: `the pending chain is past its proving deadline: ${prune}` };
    const parent = await this.#timed({ slot, step: "sync" }, () =>
      chooseParent(this.#dependencies, slot, parameters.proposalLateness),
    );
    return (
      parent ?? {
        code: SequencerErrorCode.NOT_SYNCED,
        reason: "this node does not have L1's pending tip: if this lasts, GET /ready and its log say why",
      }
    );
  }

  /** Why no block should be built on `parent`; `undefined` if one should. */
  async #obstacleTo(parent: ChosenParent): Promise<EmptyReason | undefined> {
    if (await this.#worthBuilding(parent)) return undefined;
    const { minTxPerBlock, minSecondsBetweenBlocks } = this.settings;
    return {
      code: SequencerErrorCode.NOTHING_TO_BUILD,
      reason:
        `${this.#dependencies.txs.pendingCount()} transactions and no messages are waiting (SEQ_MIN_TX_PER_BLOCK ` +
        `${minTxPerBlock}, SEQ_MIN_SECONDS_BETWEEN_BLOCKS ${minSecondsBetweenBlocks})`,
    };
  }

  async #worthBuilding(parent: ChosenParent, pendingTxs = this.#dependencies.txs.pendingCount()): Promise<boolean> {
    const { blocks, clock } = this.#dependencies;
    const secondsSinceLastBlock = clock.nowMs() / 1000 - parent.header.timestamp;
    const messageBlock = await blocks.nextMessageBlock();
    // A parent that is ahead of L1 has taken its messages already.
    const messageWaits = messageBlock !== undefined && messageBlock > parent.header.number;
    return shouldBuild({ pendingTxs, messageWaits, secondsSinceLastBlock }, this.settings);
  }

  /** @returns why nothing was proposed; `undefined` when a block was published */
  async #propose(turn: Turn): Promise<EmptyReason | undefined> {
    const { slot, parent, signal } = turn;
    const { committees, logger } = this.#dependencies;
    const built = await this.#timed({ slot, step: "build" }, () => build(this.#dependencies, this.settings, turn));
    // What the pool counted may turn out not to be includable: an empty block would be worth nothing.
    if (!(await this.#worthBuilding(parent, built.txs.length))) {
      const first = built.excluded[0]?.reason;
      return {
        code: SequencerErrorCode.NOTHING_INCLUDABLE,
        reason:
          `none of ${built.excluded.length} transactions can be in this block` +
          (first === undefined ? "" : `; the first: ${first.code}`),
      };
    }
    const signatures = await this.#timed({ slot, step: "collect" }, () =>
      gatherQuorum(this.#dependencies, this.settings, { ...turn, built }),
    );
    const { unpublishedParent } = parent;
    const ahead =
      unpublishedParent === undefined
        ? undefined
        : {
            executed: unpublishedParent,
            committee: await committees.committeeOfSlot(unpublishedParent.proposal.header.slot),
            proposer: (await committees.proposerAt(unpublishedParent.proposal.header.slot)) as EthAddress,
          };
    const receipt = await this.#timed({ slot, step: "publish" }, () =>
      publish(this.#dependencies, this.settings, { own: { built, signatures }, unpublishedParent: ahead, signal }),
    );
    logger.verbose("block published", {
      slot,
      block: built.block.header.number,
      txs: built.txs.length,
      excluded: built.excluded.length,
      gasUsed: receipt.gasUsed,
    });
    return undefined;
  }

  #endEmpty(slot: Slot, outcome: "nothing-to-build" | "not-synced" | "l1-away" | "failed", why?: EmptyReason): void {
    this.#lastSlot = slot;
    this.#slots.empty(slot, outcome, why);
  }

  async #timed<T>({ slot, step }: { slot: Slot; step: SlotStep }, work: () => Promise<T>): Promise<T> {
    const { clock, journal } = this.#dependencies;
    const startedMs = clock.nowMs();
    const fromMs = clock.steadyMs();
    try {
      return await work();
    } finally {
      const spanMs = clock.steadyMs() - fromMs;
      this.#steps.observe(spanMs / 1000, { step });
      journal.record({ type: "step", slot, step, startedMs, endedMs: startedMs + spanMs });
    }
  }
}
