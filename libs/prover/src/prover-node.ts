import { BlockNumber, codeOf, type Epoch, type EthAddress, messageOf } from "@sprtn/primitives";
import { type EpochCommittees, epochOf, isEpochOver, slotAt } from "@sprtn/consensus";
import type {
  Clock,
  EpochProgress,
  EpochProofSource,
  Logger,
  Meter,
  ProofQueue,
  ProofSubmission,
  ProverClient,
  Service,
} from "@sprtn/ports";
import type { Deployment, L2Block } from "@sprtn/protocol";
import { isAbortError, Loop, LruMap, unixSeconds } from "@sprtn/runtime";
import { Accumulators } from "./accumulators.js";
import { BlockWitnesses } from "./block-witnesses.js";
import { assertEntitled } from "./entitled.js";
import { EpochAtWork } from "./epoch-at-work.js";
import { FailedEpochs } from "./orchestrator/failed-epochs.js";
import { QueueProverClient } from "./orchestrator/epoch-prover.js";
import { ProverError, ProverErrorCode } from "./prover-error.js";
import { createProverMetrics } from "./prover-metrics.js";
import { ProvingProgress } from "./proving-progress.js";
import type { WitnessDependencies } from "./witness-source.js";

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

/**
 * Follows the pending chain, proves each block as soon as it appears, and finishes an epoch for its coordinator and
 * for its own key (PROV-5).
 * After a restart it asks the queue for the same jobs again.
 */
export class ProverNode implements Service, EpochProofSource {
  readonly #loop: Loop;
  readonly #client: ProverClient;
  readonly #epochs = new Map<Epoch, EpochAtWork>();
  readonly #failed: FailedEpochs;
  readonly #accumulators: Accumulators;
  readonly #witnesses: BlockWitnesses;
  readonly #progress: ProvingProgress;
  /** Why epochs could not be proven, as it was last said. */
  readonly #reported = new LruMap<Epoch, string>(8);

  readonly #dependencies: ProverNodeDependencies;

  constructor(
    dependencies: ProverNodeDependencies,
    private readonly settings: ProverNodeSettings,
  ) {
    this.#dependencies = dependencies;
    const { blocks, clock, logger, meter } = dependencies;
    const { deployment, pollingIntervalMs } = settings;
    this.#client = new QueueProverClient(dependencies);
    this.#failed = new FailedEpochs(clock);
    this.#accumulators = new Accumulators(blocks, deployment);
    this.#witnesses = new BlockWitnesses(dependencies, deployment);
    this.#progress = new ProvingProgress({ logger, metrics: createProverMetrics(meter) });
    const onError = (error: unknown) =>
      logger.warn("the prover cannot continue for now", { code: codeOf(error), reason: messageOf(error) });
    this.#loop = new Loop({ clock, step: signal => this.#follow(signal), onError }, { intervalMs: pollingIntervalMs });
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    for (const { session } of this.#epochs.values()) session.cancel();
    this.#epochs.clear();
  }

  async getEpochs(): Promise<readonly EpochProgress[]> {
    // An unreachable queue reports that itself.
    const troubles = await this.#dependencies.queue.troubles().catch(() => []);
    const failed = this.#failed.all().filter(({ epoch }) => !this.#epochs.has(epoch));
    const running = [...this.#epochs.values()].map(work => this.#progressOf(work));
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

  async getEpochProof(epoch: Epoch, prover: EthAddress): Promise<ProofSubmission | null> {
    const work = this.#epochs.get(epoch);
    const last = work?.blocks.at(-1);
    if (work === undefined || last === undefined) return null;
    if (!this.#isOver(epoch))
      throw new ProverError(
        ProverErrorCode.EPOCH_NOT_OVER,
        `epoch ${epoch} may still receive blocks: ask again when it is over`,
        { epoch },
      );
    const { deployment, ownAddress } = this.settings;
    await assertEntitled(
      this.#dependencies.committees,
      { parameters: deployment.parameters, ownAddress },
      { epoch, prover },
    );
    if (!(await this.#isComplete(epoch, last))) return null;
    const submission = work.submissionOf(prover);
    if (submission !== undefined) return submission;
    if (!work.isFinishing(prover)) void this.#finish(work, prover);
    return null;
  }

  /** With the reason why it failed before, if it has. */
  #progressOf(work: EpochAtWork): EpochProgress {
    const progress = work.progress(this.#isOver(work.epoch));
    const before = this.#failed.all().find(({ epoch }) => epoch === work.epoch);
    return { ...progress, failure: progress.failure ?? before?.failure ?? null };
  }

  /** Never rejects: callers get `null` until the proof exists. */
  async #finish(work: EpochAtWork, prover: EthAddress): Promise<void> {
    const { epoch, session } = work;
    try {
      await work.finish(prover);
      this.#failed.proven(epoch);
    } catch (error) {
      if (isAbortError(error)) return;
      work.failure = messageOf(error);
      // It is tried again at every request: an operator hears of it once, until the reason changes.
      if (this.#reported.get(epoch) !== messageOf(error))
        this.#dependencies.logger.error("an epoch cannot be proven", {
          epoch,
          code: codeOf(error),
          reason: messageOf(error),
        });
      this.#reported.set(epoch, messageOf(error));
      this.#failed.add(this.#progressOf(work));
      // It is started again, and a failed job queued again, immediately or after a pause.
      session.cancel();
      if (this.#epochs.get(epoch) === work) this.#epochs.delete(epoch);
    }
  }

  /** All blocks of the epoch that this node knows of are at work, and the last one is still the chain's. */
  async #isComplete(epoch: Epoch, last: L2Block): Promise<boolean> {
    const { blocks } = this.#dependencies;
    if (!blocks.synced() || (await blocks.block(last.header.number))?.headerHash !== last.headerHash) return false;
    const next = await blocks.block(BlockNumber(last.header.number + 1));
    return next === undefined || epochOf(this.settings.deployment.parameters, next.header.slot) > epoch;
  }

  #isOver(epoch: Epoch): boolean {
    const { parameters } = this.settings.deployment;
    return isEpochOver(parameters, epoch, slotAt(parameters, unixSeconds(this.#dependencies.clock)));
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { blocks, queue } = this.#dependencies;
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
    this.#progress.count(queue.status());
    const [oldest] = this.#epochs.values();
    if (oldest !== undefined) this.#progress.tell(oldest);
  }

  /**
   * Forgets epochs that are proven, and those whose blocks are no longer the chain's. An epoch of which somebody proved
   * a prefix continues: L1 takes a proof that starts before the proven tip (PROV-1).
   */
  async #dropStale(proven: BlockNumber): Promise<void> {
    const { blocks, queue } = this.#dependencies;
    for (const [epoch, work] of this.#epochs) {
      const finished = work.isProven(proven);
      if (!(await work.isStale(blocks)) && !finished) continue;
      work.session.cancel();
      this.#epochs.delete(epoch);
      if (finished) await queue.forgetBefore(epoch);
    }
  }

  /**
   * False if the block has to wait; so do those after it. An epoch is begun with its first unproven block or not at all
   * in a round: its pause may end, and its session may fail, in the middle of one.
   */
  async #add(
    block: L2Block,
    { epoch, first }: { readonly epoch: Epoch; readonly first: boolean },
    signal: AbortSignal,
  ): Promise<boolean> {
    const known = this.#epochs.get(epoch);
    if (known?.has(block)) return true;
    if (known === undefined && !(first && this.#failed.mayBegin(epoch))) return true;
    const startAccumulator = await this.#accumulators.at(block.header.number - 1);
    const witness = await this.#witnesses.of(block, signal);
    if (witness === undefined) return false;
    const work = known ?? new EpochAtWork(epoch, this.#client.startEpoch(epoch));
    this.#epochs.set(epoch, work);
    work.add(block, witness, startAccumulator);
    this.#dependencies.logger.verbose("proving a block", {
      epoch,
      block: block.header.number,
      txs: block.effects.length,
    });
    return true;
  }
}
