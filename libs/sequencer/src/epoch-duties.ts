import { type EpochCommittees, epochAt, firstSlot, slotStart } from "@sprtn/consensus";
import type { Clock, Counter, L1Publisher, L1Time, Logger, Meter, RollupView, Service } from "@sprtn/ports";
import { codeOf, Epoch, messageOf, type UnixSeconds } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { Loop, OngoingTrouble, throwIfAborted, withTimeout } from "@sprtn/runtime";
import { touchRank } from "./touch-rank.js";
import { epochDutiesSent } from "./sequencer-metrics.js";

/** The L1 that is touched, and what tells whose turn it is. */
export interface EpochDutiesDependencies {
  readonly committees: EpochCommittees;
  readonly rollup: RollupView;
  /** Of the validator's key, which pays. */
  readonly publisher: L1Publisher;
  readonly l1Time: L1Time;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** The deployment's parameters, and how often the duties are looked at. */
export interface EpochDutiesSettings {
  readonly parameters: RollupParameters;
  /** How often it is looked whether something is due, ms. */
  readonly pollIntervalMs: number;
}

/** Transactions that one key spends on an epoch at most, reorgs included. */
const MAX_ATTEMPTS = 3;

/**
 * What validators do for each epoch besides proposing: the Rollup is touched in the epoch's first L1 block, so that
 * nobody chooses the block whose randao counts (SEED-1), and the next epoch's committee is set up, so that its first
 * proposal does not pay for the draw (COM-1). One transaction does both. Members take turns; a later one sends only
 * what those before it have not.
 */
export class EpochDuties implements Service {
  readonly #loop: Loop;
  readonly #sent: Counter<"outcome">;
  /** The last epoch for which nothing is left to do. */
  #done: Epoch | undefined;
  #attempts: { readonly epoch: Epoch; count: number } | undefined;
  /** The epoch that is looked at, and L1's head when it was first. */
  #found: { readonly epoch: Epoch; readonly head: UnixSeconds } | undefined;
  readonly #trouble = new OngoingTrouble();
  #unsubscribe: () => void = () => {};

  readonly #dependencies: EpochDutiesDependencies;

  constructor(
    dependencies: EpochDutiesDependencies,
    private readonly settings: EpochDutiesSettings,
  ) {
    this.#dependencies = dependencies;
    const { clock, meter } = dependencies;
    this.#sent = epochDutiesSent(meter);
    this.#loop = new Loop(
      { clock, step: signal => this.#look(signal), onError: error => this.#reportTrouble(error) },
      { intervalMs: settings.pollIntervalMs },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    // A reorg may have taken the touch back.
    this.#unsubscribe = this.#dependencies.l1Time.onReorg(() => {
      this.#done = undefined;
      this.#found = undefined;
    });
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#loop.stop();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { l1Time, committees, publisher } = this.#dependencies;
    const { parameters } = this.settings;
    const next = l1Time.nextBlock();
    const head = l1Time.head();
    if (next === undefined || head === undefined || next < parameters.genesisTime) return;
    const epoch = epochAt(parameters, next);
    if (this.#done !== undefined && epoch <= this.#done) return;
    const committee = await committees.committeeAt(epoch);
    const rank = touchRank(parameters, epoch, { committee, address: publisher.address });
    if (rank === undefined || !this.#isTurn(epoch, rank, { head: head.timestamp, next })) return;
    const due = await this.#due(epoch);
    if (due === undefined || !this.#mayTry(epoch)) {
      this.#done = epoch;
      return;
    }
    await this.#send(epoch, due, signal);
    this.#done = epoch;
    this.#trouble.end();
  }

  /**
   * The first sends into the epoch's first block; each other one waits until those before it could be seen on L1, also
   * when all of them start, or find L1 again, in the middle of an epoch.
   */
  #isTurn(epoch: Epoch, rank: number, l1: { readonly head: UnixSeconds; readonly next: UnixSeconds }): boolean {
    const { parameters } = this.settings;
    if (this.#found?.epoch !== epoch) this.#found = { epoch, head: l1.head };
    if (rank === 0) return true;
    const from = Math.max(slotStart(parameters, firstSlot(parameters, epoch)), this.#found.head);
    const patience = Math.max(l1.next - l1.head, Math.floor(parameters.slotDuration / 4), 1);
    return l1.head >= from + rank * patience;
  }

  async #due(epoch: Epoch): Promise<"touch" | "setup" | undefined> {
    const { rollup } = this.#dependencies;
    const [touched, setUp] = await Promise.all([rollup.randaoCheckpointed(epoch), rollup.isSetUp(Epoch(epoch + 1))]);
    if (!setUp) return "setup";
    return touched ? undefined : "touch";
  }

  #mayTry(epoch: Epoch): boolean {
    if (this.#attempts?.epoch !== epoch) this.#attempts = { epoch, count: 0 };
    return ++this.#attempts.count <= MAX_ATTEMPTS;
  }

  async #send(epoch: Epoch, due: "touch" | "setup", signal: AbortSignal): Promise<void> {
    const { publisher, clock, logger } = this.#dependencies;
    // After a slot it is another's turn, and what is stuck must not hold up this key's proposals.
    const timeoutMs = 1000 * this.settings.parameters.slotDuration;
    const what = `setting up epoch ${epoch + 1}`;
    try {
      const { gasUsed } = await withTimeout({ clock, timeoutMs, what, signal }, inTime =>
        due === "setup" ? this.#setUp(Epoch(epoch + 1), inTime) : publisher.checkpointRandao(inTime),
      );
      this.#sent.add(1, { outcome: due });
      logger.verbose("touched the Rollup for this epoch", { epoch, due, gasUsed });
    } catch (error) {
      throwIfAborted(what, signal);
      this.#sent.add(1, { outcome: "failed" });
      throw error;
    }
  }

  /** COM-4: an epoch with an empty set cannot be set up; the touch is due all the same. */
  async #setUp(epoch: Epoch, signal: AbortSignal) {
    const { publisher } = this.#dependencies;
    try {
      return await publisher.setupEpoch(epoch, signal);
    } catch (error) {
      if (signal.aborted || !isEmptySet(error)) throw error;
      return publisher.checkpointRandao(signal);
    }
  }

  /**
   * Reported once per trouble, until it succeeds: the committee's other members, if it has any, do it instead, so it is
   * not a reason to worry.
   */
  #reportTrouble(error: unknown): void {
    const { logger, l1Time } = this.#dependencies;
    const code = codeOf(error);
    const skewSeconds = l1Time.skewSeconds();
    // L1 refuses what is sent by a wrong clock.
    const fields = {
      code,
      reason: messageOf(error),
      ...(skewSeconds === undefined ? {} : { clockSkewSeconds: skewSeconds }),
    };
    if (this.#trouble.isNew(code)) logger.info("an epoch's duties failed; they are tried again", fields);
    else logger.debug("an epoch's duties failed again", fields);
  }
}

function isEmptySet(error: unknown): boolean {
  const { payload } = error as { readonly payload?: { readonly reason?: string } };
  return payload?.reason === "Com4_EmptySet";
}
