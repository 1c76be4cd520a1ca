import {
  BlockNumber,
  codeOf,
  type Epoch,
  type EthAddress,
  type Field,
  messageOf,
  UnixSeconds,
} from "@sprtn/primitives";
import { type EpochCommittees, epochOf, isEpochOver, slotAt } from "@sprtn/consensus";
import type {
  Clock,
  EpochProgress,
  EpochProofSource,
  EpochSession,
  Logger,
  Meter,
  ProofQueue,
  ProofSubmission,
  ProverClient,
  Service,
} from "@sprtn/ports";
import { type Deployment, encodeHeader, genesisAccumulator, type L2Block, nextAccumulator } from "@sprtn/protocol";
import { isAbortError, Loop, LruMap } from "@sprtn/runtime";
import type { BlockWitness } from "@sprtn/state-transition";
import type { ChildProof } from "@sprtn/state-transition/circuits";
import { assertEntitled } from "./entitled.js";
import { FailedEpochs } from "./orchestrator/failed-epochs.js";
import { QueueProverClient } from "./orchestrator/epoch-prover.js";
import { ProverError, ProverErrorCode } from "./prover-error.js";
import { gatherWitness, type WitnessDependencies } from "./witness-source.js";

/** The chain that is proven, and the queue of its jobs. */
export interface ProverNodeDependencies extends WitnessDependencies {
  readonly queue: ProofQueue;
  readonly committees: Pick<EpochCommittees, "proposerAt">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** The deployment, and how often its chain is looked at. */
export interface ProverNodeSettings {
  readonly deployment: Deployment;
  readonly pollingIntervalMs: number;
  /** Whose key sends this node's own proofs. */
  readonly ownAddress?: EthAddress;
}

/** Of one epoch, in an answer. */
const SHOWN_TROUBLES = 8;
/** Less is not worth a line. */
const TELLING_SECONDS = 10;
/** How long a block's transactions are looked for at peers before the next look at the chain. */
const GATHERING_MS = 10_000;

/** One epoch at work: its blocks so far, oldest first. */
interface Session {
  readonly prover: EpochSession;
  readonly blocks: L2Block[];
  /** By who will send it: of all of `blocks`. */
  readonly proofs: Map<EthAddress, ChildProof>;
  /** Those for whom a proof is being made. */
  readonly finishing: Set<EthAddress>;
  failure: string | undefined;
}

/**
 * Follows the pending chain, proves each block as soon as it is there, and finishes an epoch for its coordinator and
 * for its own key (PROV-5).
 * After a restart it asks the queue for the same jobs again.
 */
export class ProverNode implements Service, EpochProofSource {
  readonly #loop: Loop;
  readonly #client: ProverClient;
  readonly #sessions = new Map<Epoch, Session>();
  readonly #failed: FailedEpochs;
  /** The last accumulator computed, with the block it belongs to. */
  #accumulated: { readonly number: number; readonly headerHash: Field; readonly accumulator: Field };
  readonly #gauge;
  readonly #epochJobs;
  readonly #secondsLeft;
  /** The progress that was told last. */
  #told = "";
  #waitingFor: BlockNumber | undefined;
  /** Why epochs could not be proven, as it was last said. */
  readonly #reported = new LruMap<Epoch, string>(8);

  constructor(
    private readonly dependencies: ProverNodeDependencies,
    private readonly settings: ProverNodeSettings,
  ) {
    const { clock, meter } = dependencies;
    this.#client = new QueueProverClient(dependencies);
    this.#failed = new FailedEpochs(clock);
    this.#accumulated = this.#genesisAccumulated();
    this.#epochJobs = meter.gauge<"state">({
      name: "sprtn_prover_epoch_jobs",
      help: "Proofs of the oldest unproven epoch: done, and in all",
      labels: ["state"],
    });
    this.#secondsLeft = meter.gauge({
      name: "sprtn_prover_epoch_seconds_left",
      help: "Time until the oldest unproven epoch's proofs are done, at the pace so far",
      labels: [],
    });
    this.#gauge = meter.gauge<"state">({
      name: "sprtn_prover_jobs",
      help: "Proof jobs in the queue by state",
      labels: ["state"],
    });
    this.#loop = new Loop(
      { clock, step: signal => this.#follow(signal), onError: error => this.#report(error) },
      { intervalMs: settings.pollingIntervalMs },
    );
  }

  #report(error: unknown): void {
    this.dependencies.logger.warn("the prover cannot go on for now", { code: codeOf(error), reason: messageOf(error) });
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    for (const { prover } of this.#sessions.values()) prover.cancel();
    this.#sessions.clear();
  }

  async getEpochs(): Promise<readonly EpochProgress[]> {
    // A queue that is away tells of that itself.
    const troubles = await this.dependencies.queue.troubles().catch(() => []);
    const failed = this.#failed.all().filter(({ epoch }) => !this.#sessions.has(epoch));
    const running = [...this.#sessions].map(([epoch, session]) => this.#progressOf(epoch, session));
    return [...failed, ...running]
      .toSorted((a, b) => a.epoch - b.epoch)
      .map(progress => ({
        ...progress,
        troubles: troubles
          .filter(trouble => trouble.epoch === progress.epoch)
          .slice(0, SHOWN_TROUBLES)
          .map(({ job, circuit, code, reason }) => ({ job, circuit, code, reason })),
      }));
  }

  #progressOf(epoch: Epoch, session: Session): EpochProgress {
    return {
      epoch,
      firstBlock: session.blocks[0]?.header.number ?? 0,
      lastBlock: session.blocks.at(-1)?.header.number ?? 0,
      jobsDone: session.prover.jobs.done,
      jobsTotal: session.prover.jobs.total,
      secondsLeft: session.prover.secondsLeft ?? null,
      state:
        session.failure !== undefined
          ? "failed"
          : session.proofs.size > 0
            ? "proven"
            : this.#isOver(epoch)
              ? "proving"
              : "collecting",
      failure: session.failure ?? this.#failed.all().find(each => each.epoch === epoch)?.failure ?? null,
      troubles: [],
    };
  }

  async getEpochProof(epoch: Epoch, prover: EthAddress): Promise<ProofSubmission | null> {
    const session = this.#sessions.get(epoch);
    const last = session?.blocks.at(-1);
    if (session === undefined || last === undefined) return null;
    if (!this.#isOver(epoch))
      throw new ProverError(
        ProverErrorCode.EPOCH_NOT_OVER,
        `epoch ${epoch} may still get blocks: ask again when it is over`,
        { epoch },
      );
    const { deployment, ownAddress } = this.settings;
    await assertEntitled(
      this.dependencies.committees,
      { parameters: deployment.parameters, ownAddress },
      { epoch, prover },
    );
    if (!(await this.#isComplete(epoch, last))) return null;
    const proof = session.proofs.get(prover);
    const [first = last] = session.blocks;
    if (proof !== undefined)
      return {
        firstBlock: first.header.number,
        header: encodeHeader(last.header),
        archive: last.archive,
        proof: proof.proof,
      };
    if (!session.finishing.has(prover)) void this.#finish(epoch, session, prover);
    return null;
  }

  /** Never rejects: who asked hears `null` until the proof is there. */
  async #finish(epoch: Epoch, session: Session, prover: EthAddress): Promise<void> {
    const last = session.blocks.at(-1);
    session.finishing.add(prover);
    try {
      const made = await session.prover.finalizeEpoch(prover);
      if (session.blocks.at(-1) === last) session.proofs.set(prover, made);
      session.failure = undefined;
      this.#failed.proven(epoch);
    } catch (error) {
      if (isAbortError(error)) return;
      session.failure = messageOf(error);
      // It is tried again at every request: an operator hears of it once, until the reason changes.
      if (this.#reported.get(epoch) !== messageOf(error))
        this.dependencies.logger.error("an epoch cannot be proven", {
          epoch,
          code: codeOf(error),
          reason: messageOf(error),
        });
      this.#reported.set(epoch, messageOf(error));
      this.#failed.add(this.#progressOf(epoch, session));
      // It is begun anew, and a failed job queued again, at once or after a pause.
      session.prover.cancel();
      if (this.#sessions.get(epoch) === session) this.#sessions.delete(epoch);
    } finally {
      session.finishing.delete(prover);
    }
  }

  /** All blocks of the epoch that this node knows of are in its session, and the last one is still the chain's. */
  async #isComplete(epoch: Epoch, last: L2Block): Promise<boolean> {
    const { blocks } = this.dependencies;
    if (!blocks.synced() || (await blocks.block(last.header.number))?.headerHash !== last.headerHash) return false;
    const next = await blocks.block(BlockNumber(last.header.number + 1));
    return next === undefined || epochOf(this.settings.deployment.parameters, next.header.slot) > epoch;
  }

  #isOver(epoch: Epoch): boolean {
    const { parameters } = this.settings.deployment;
    return isEpochOver(
      parameters,
      epoch,
      slotAt(parameters, UnixSeconds(Math.floor(this.dependencies.clock.nowMs() / 1000))),
    );
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { blocks, queue } = this.dependencies;
    const { pending, proven } = blocks.tips();
    await this.#dropStale(proven.number);
    this.#failed.keepWithin({ proven: proven.number, pending: pending.number });
    const { parameters } = this.settings.deployment;
    let before: Epoch | undefined;
    for (let number = proven.number + 1; number <= pending.number; number++) {
      const block = await blocks.block(BlockNumber(number));
      if (block === undefined || signal.aborted) return;
      const epoch = epochOf(parameters, block.header.slot);
      if (!(await this.#add(block, { epoch, first: epoch !== before }, signal))) break;
      before = epoch;
    }
    const status = queue.status();
    for (const state of ["queued", "leased", "done", "failed"] as const) this.#gauge.set(status[state], { state });
    this.#tellProgress();
  }

  /** A line when the oldest epoch's proofs have come further, as long as they take a while: simulated ones do not. */
  #tellProgress(): void {
    const [oldest] = this.#sessions;
    if (oldest === undefined) return;
    const [epoch, { prover }] = oldest;
    const { done, total } = prover.jobs;
    const { secondsLeft = 0 } = prover;
    this.#epochJobs.set(done, { state: "done" });
    this.#epochJobs.set(total, { state: "total" });
    this.#secondsLeft.set(secondsLeft);
    const told = `${epoch}/${done}`;
    if (secondsLeft < TELLING_SECONDS || told === this.#told) return;
    this.#told = told;
    this.dependencies.logger.info(
      `proving epoch ${epoch}: ${done} of ${total} proofs, about ${secondsLeft} s left at this pace`,
    );
  }

  /**
   * Forgets epochs that are proven, and those whose blocks are no longer the chain's. An epoch of which somebody proved
   * a prefix goes on: L1 takes a proof that starts before the proven tip (PROV-1).
   */
  async #dropStale(proven: BlockNumber): Promise<void> {
    const { blocks, queue } = this.dependencies;
    for (const [epoch, session] of this.#sessions) {
      const last = session.blocks.at(-1);
      const gone = (
        await Promise.all(
          session.blocks.map(async block => (await blocks.block(block.header.number))?.headerHash !== block.headerHash),
        )
      ).some(Boolean);
      const finished = last !== undefined && last.header.number <= proven;
      if (!gone && !finished) continue;
      session.prover.cancel();
      this.#sessions.delete(epoch);
      if (finished) await queue.forgetBefore(epoch);
    }
  }

  /**
   * False if the block has to wait; so do those after it. An epoch is begun with its first unproven block or not at all
   * in a round: its pause may end, and its session may fail, in the midst of one.
   */
  async #add(
    block: L2Block,
    { epoch, first }: { readonly epoch: Epoch; readonly first: boolean },
    signal: AbortSignal,
  ): Promise<boolean> {
    const known = this.#sessions.get(epoch);
    if (known?.blocks.some(each => each.headerHash === block.headerHash)) return true;
    if (known === undefined && !(first && this.#failed.mayBegin(epoch))) return true;
    const startAccumulator = await this.#accumulator(block.header.number - 1);
    const witness = await this.#witness(block, signal);
    if (witness === undefined) return false;
    const session = known ?? {
      prover: this.#client.startEpoch(epoch),
      blocks: [],
      proofs: new Map<EthAddress, ChildProof>(),
      finishing: new Set<EthAddress>(),
      failure: undefined,
    };
    this.#sessions.set(epoch, session);
    session.prover.startBlock({ root: witness.root, startAccumulator });
    for (const processedTx of witness.bases) session.prover.addTx(processedTx);
    session.blocks.push(block);
    session.proofs.clear();
    this.#waitingFor = undefined;
    this.dependencies.logger.verbose("proving a block", {
      epoch,
      block: block.header.number,
      txs: block.effects.length,
    });
    return true;
  }

  /**
   * A block that cannot be proven yet (its transactions are missing) is tried again in the next round; the reason is
   * said once.
   */
  async #witness(block: L2Block, signal: AbortSignal): Promise<BlockWitness | undefined> {
    const late = new AbortController();
    const cancel = this.dependencies.clock.schedule(GATHERING_MS, () => late.abort());
    try {
      return await gatherWitness(
        this.dependencies,
        this.settings.deployment,
        block,
        AbortSignal.any([signal, late.signal]),
      );
    } catch (error) {
      if (!signal.aborted && this.#waitingFor !== block.header.number) this.#report(error);
      this.#waitingFor = block.header.number;
      return undefined;
    } finally {
      cancel();
    }
  }

  /** accumulator(number), from the last one computed if that block is still the chain's, else from genesis. */
  async #accumulator(number: number): Promise<Field> {
    const { blocks } = this.dependencies;
    const from = this.#accumulated;
    const stands =
      from.number <= number &&
      (from.number === 0 || (await blocks.block(BlockNumber(from.number)))?.headerHash === from.headerHash);
    if (!stands) this.#accumulated = this.#genesisAccumulated();
    while (this.#accumulated.number < number) {
      const next = BlockNumber(this.#accumulated.number + 1);
      const block = await blocks.block(next);
      if (block === undefined)
        throw new ProverError(
          ProverErrorCode.DISAGREES,
          `block ${next} is gone while its accumulator was computed: it is tried again`,
          { block: next },
        );
      this.#accumulated = {
        number: next,
        headerHash: block.headerHash,
        accumulator: nextAccumulator(this.#accumulated.accumulator, block.headerHash),
      };
    }
    return this.#accumulated.accumulator;
  }

  #genesisAccumulated() {
    const { deployment } = this.settings;
    return {
      number: 0,
      headerHash: 0n as Field,
      accumulator: genesisAccumulator(deployment, deployment.genesis.header),
    };
  }
}
