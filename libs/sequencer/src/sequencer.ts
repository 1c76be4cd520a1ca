import { codeOf, type EthAddress, messageOf, type Slot, UnixSeconds } from "@sprtn/primitives";
import { type EpochCommittees, epochOf, inTime, slotAt, slotStart, type Timetable } from "@sprtn/consensus";
import type { Logger, Meter, RollupView, Service } from "@sprtn/ports";
import { Loop, throwIfAborted } from "@sprtn/runtime";
import { chooseParent, type ChosenParent } from "./choose-parent.js";
import { checkpointRandaoIfDue, pruneIfDue } from "./keep-house.js";
import {
  build,
  gatherQuorum,
  publish,
  type ProposeDependencies,
  type ProposeSettings,
  type StepDeadlines,
} from "./propose-block.js";
import { type BuildRules, shouldBuild } from "./should-build.js";

export interface SequencerDependencies extends ProposeDependencies {
  readonly committees: EpochCommittees;
  readonly rollup: RollupView;
  readonly logger: Logger;
  readonly meter: Meter;
}

export interface SequencerSettings extends ProposeSettings, BuildRules {
  readonly timetable: Timetable;
  readonly enforceTimeTable: boolean;
  /** How often the sequencer looks whether it is its turn, ms. */
  readonly lookMs: number;
}

/** A slot's outcome, as one line of the log says it. */
export type SlotOutcome = "published" | "nothing-to-build" | "not-synced" | "failed";

/**
 * Proposes in the slots of its key: syncs, builds, gossips, collects, publishes. One slot at a time, each slot once.
 */
export class Sequencer implements Service {
  readonly #loop: Loop;
  readonly #steps;
  readonly #slots;
  #lastSlot = 0 as Slot;
  /** The trouble that the log has told of; `undefined` once a turn of its own went through. */
  #trouble: string | undefined;

  constructor(
    private readonly dependencies: SequencerDependencies,
    private readonly settings: SequencerSettings,
  ) {
    const { meter, clock } = dependencies;
    const buckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16];
    this.#steps = meter.histogram<"step">({
      name: "sprtn_sequencer_step_seconds",
      help: "Time of each step of a proposer's slot",
      labels: ["step"],
      buckets,
    });
    this.#slots = meter.counter<"outcome">({
      name: "sprtn_sequencer_slots_total",
      help: "Own slots by outcome",
      labels: ["outcome"],
    });
    this.#loop = new Loop(
      { clock, step: signal => this.#look(signal), onError: error => this.#reportTrouble(error) },
      { intervalMs: settings.lookMs },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock, committees, signer } = this.dependencies;
    const { parameters } = this.settings.deployment;
    const nowMs = clock.nowMs();
    if (nowMs < 1000 * parameters.genesisTime) return;
    const slot = slotAt(parameters, UnixSeconds(Math.floor(nowMs / 1000)));
    if (slot <= this.#lastSlot) return;
    const committee = await committees.committeeOfSlot(slot);
    const proposer = committee.length === 0 ? undefined : await committees.proposerAt(slot);
    // COM-2; COM-4: without a committee anyone may propose, if the deployment allows it.
    const mine = proposer === signer.address || (proposer === undefined && parameters.openBootstrap);
    if (!mine) {
      this.#lastSlot = slot;
      return;
    }
    await this.#turn(slot, committee, signal);
    this.#trouble = undefined;
  }

  /** Told once, until a turn goes through or the trouble becomes another: L1 may be away for hours. */
  #reportTrouble(error: unknown): void {
    const { logger } = this.dependencies;
    const code = codeOf(error);
    const fields = { code, reason: messageOf(error) };
    if (code === this.#trouble) logger.debug("sequencer step failed again", fields);
    else logger.warn("sequencer step failed; retrying", fields);
    this.#trouble = code;
  }

  async #turn(slot: Slot, committee: readonly EthAddress[], signal: AbortSignal): Promise<void> {
    const { logger } = this.dependencies;
    const startMs = 1000 * slotStart(this.settings.deployment.parameters, slot);
    const elapsedMs = () => this.dependencies.clock.nowMs() - startMs;
    const { build: lastBuildMs, propose: lastProposeMs, collect: lastCollectMs } = this.settings.timetable;
    // Where the timetable is not enforced: as long as validators still have the time to execute and answer, at the pace
    // that it allows for building.
    const lastMs = this.settings.enforceTimeTable ? lastBuildMs : lastCollectMs - (lastProposeMs - lastBuildMs);
    const parent = await this.#prepare(slot, signal);
    if (parent === undefined || elapsedMs() > lastMs || !(await this.#worthBuilding(parent))) {
      // Something may still come in: look again until it is too late to build.
      if (elapsedMs() < lastMs) return;
      await this.#end(slot, parent === undefined ? "not-synced" : "nothing-to-build", signal);
      return;
    }
    if (this.settings.enforceTimeTable && !inTime(this.settings.timetable, "build", elapsedMs())) {
      await this.#end(slot, "nothing-to-build", signal);
      return;
    }
    this.#lastSlot = slot;
    const { build: buildMs, propose: proposeMs, collect: collectMs } = this.settings.timetable;
    // Where the timetable is not enforced, a late start gets the time to execute all the same: else it would propose an
    // empty block.
    const deadlines: StepDeadlines = {
      buildMs: Math.max(startMs + proposeMs, this.dependencies.clock.nowMs() + proposeMs - buildMs),
      collectMs: startMs + collectMs,
    };
    try {
      await this.#end(slot, await this.#propose(slot, committee, parent, deadlines, signal), signal);
    } catch (error) {
      throwIfAborted("proposing", signal);
      logger.warn("no block in this slot", { slot, code: codeOf(error), reason: messageOf(error) });
      await this.#end(slot, "failed", signal);
    }
  }

  /** Prunes if that is due, waits if it is about to be, and finds the block to build on. */
  async #prepare(slot: Slot, signal: AbortSignal): Promise<ChosenParent | undefined> {
    const {
      deployment: { parameters },
      timetable: { publish: publishMs },
    } = this.settings;
    const now = UnixSeconds(Math.floor(this.dependencies.clock.nowMs() / 1000));
    const publishBy = UnixSeconds(slotStart(parameters, slot) + Math.ceil(publishMs / 1000));
    const prune = await pruneIfDue(this.dependencies, { now, publishBy }, signal);
    if (prune === "pruned" || prune === "imminent") return undefined;
    return this.#timed("sync", () => chooseParent(this.dependencies, slot, parameters.proposalLateness));
  }

  async #worthBuilding(parent: ChosenParent, pendingTxs = this.dependencies.txs.pendingCount()): Promise<boolean> {
    const { blocks, clock } = this.dependencies;
    const secondsSinceLastBlock = clock.nowMs() / 1000 - parent.header.timestamp;
    const messageBlock = await blocks.nextMessageBlock();
    // A parent that is ahead of L1 has taken its messages already.
    const messageWaits = messageBlock !== undefined && messageBlock > parent.header.number;
    return shouldBuild({ pendingTxs, messageWaits, secondsSinceLastBlock }, this.settings);
  }

  async #propose(
    slot: Slot,
    committee: readonly EthAddress[],
    parent: ChosenParent,
    deadlines: StepDeadlines,
    signal: AbortSignal,
  ): Promise<SlotOutcome> {
    const { committees, logger } = this.dependencies;
    const built = await this.#timed("build", () => build(this.dependencies, this.settings, slot, parent, deadlines));
    // What the pool counted may turn out not to be includable: an empty block would be worth nothing.
    if (!(await this.#worthBuilding(parent, built.txs.length))) {
      logger.verbose("nothing includable", {
        slot,
        excluded: built.excluded.length,
        code: built.excluded[0]?.reason.code,
      });
      return "nothing-to-build";
    }
    const signatures = await this.#timed("collect", () =>
      gatherQuorum(this.dependencies, this.settings, built, committee, deadlines, signal),
    );
    const { ahead } = parent;
    const aheadOf =
      ahead === undefined
        ? undefined
        : {
            executed: ahead,
            committee: await committees.committeeOfSlot(ahead.proposal.header.slot),
            proposer: (await committees.proposerAt(ahead.proposal.header.slot)) as EthAddress,
          };
    const receipt = await this.#timed("publish", () =>
      publish(this.dependencies, this.settings, { built, signatures }, aheadOf, signal),
    );
    logger.verbose("block published", {
      slot,
      block: built.block.header.number,
      txs: built.txs.length,
      excluded: built.excluded.length,
      gasUsed: receipt.gasUsed,
    });
    return "published";
  }

  async #end(slot: Slot, outcome: SlotOutcome, signal: AbortSignal): Promise<void> {
    this.#lastSlot = slot;
    this.#slots.add(1, { outcome });
    if (outcome !== "published")
      await checkpointRandaoIfDue(this.dependencies, epochOf(this.settings.deployment.parameters, slot), signal);
  }

  async #timed<T>(step: string, work: () => Promise<T>): Promise<T> {
    const startedMs = this.dependencies.clock.nowMs();
    try {
      return await work();
    } finally {
      this.#steps.observe((this.dependencies.clock.nowMs() - startedMs) / 1000, { step });
    }
  }
}
