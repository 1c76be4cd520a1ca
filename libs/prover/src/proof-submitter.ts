import { BlockNumber, codeOf, detailsOf, type Epoch, messageOf } from "@sprtn/primitives";
import { type EpochCommittees, epochOf, lastSlot, provingPhase } from "@sprtn/consensus";
import type {
  BlockSource,
  Clock,
  EpochProofSource,
  L1Away,
  L1Publisher,
  L1Time,
  Logger,
  Meter,
  RollupView,
  Service,
} from "@sprtn/ports";
import type { Deployment } from "@sprtn/protocol";
import { Loop, OngoingTrouble, RuntimeErrorCode, withTimeout, unixSeconds } from "@sprtn/runtime";
import { ProverErrorCode } from "./prover-error.js";
import { submissions } from "./prover-metrics.js";

/** Where proofs come from, and the L1 that they go to. */
export interface ProofSubmitterDependencies {
  readonly blocks: BlockSource;
  readonly rollup: RollupView;
  readonly committees: EpochCommittees;
  readonly proofs: EpochProofSource;
  readonly publisher: L1Publisher;
  readonly clock: Clock;
  readonly l1Time: Pick<L1Time, "nextBlock">;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** The deployment, and whether to send once anyone may. */
export interface ProofSubmitterSettings {
  readonly deployment: Deployment;
  readonly pollingIntervalMs: number;
  /** Also send once anyone may (PROV-2): prover nodes do, coordinators leave it to them. */
  readonly whenAnyoneMay: boolean;
}

/** Rounds in a row that may fail with what passes by itself. */
const PASSING_ROUNDS = 4;

/**
 * Sends an epoch's proof when it is this key's to send: as the epoch's coordinator, as a prover where the right is
 * open, or as anyone after D1 (PROV-2).
 */
export class ProofSubmitter implements Service {
  readonly #loop: Loop;
  readonly #submitted;
  readonly #trouble = new OngoingTrouble();
  /** Rounds in a row that failed with what passes by itself. */
  #passing = 0;

  readonly #dependencies: ProofSubmitterDependencies;

  constructor(
    dependencies: ProofSubmitterDependencies,
    private readonly settings: ProofSubmitterSettings,
  ) {
    this.#dependencies = dependencies;
    const { clock, meter } = dependencies;
    this.#submitted = submissions(meter);
    this.#loop = new Loop(
      { clock, step: signal => this.#round(signal), onError: error => this.#reportTrouble(error) },
      { intervalMs: settings.pollingIntervalMs },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(signal: AbortSignal): Promise<void> {
    await this.#look(signal);
    this.#trouble.end();
    this.#passing = 0;
  }

  /** Warns once per trouble, until a round succeeds. */
  #reportTrouble(error: unknown): void {
    const code = codeOf(error);
    const fields = { code, reason: messageOf(error) };
    const { logger } = this.#dependencies;
    if (passes(error) && ++this.#passing < PASSING_ROUNDS)
      return logger.debug("the epoch's proof could not be sent yet", fields);
    if (this.#trouble.isNew(code)) logger.warn("the epoch's proof could not be sent; it will be tried again", fields);
    else logger.debug("sending the epoch's proof failed again", fields);
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { blocks, proofs, publisher, rollup, clock, logger } = this.#dependencies;
    const { pending, proven } = blocks.tips();
    if (proven.number === pending.number || !blocks.synced()) return;
    const first = await blocks.block(BlockNumber(proven.number + 1));
    if (first === undefined) return;
    const epoch = epochOf(this.settings.deployment.parameters, first.header.slot);
    if (!(await this.#maySend(epoch))) return;
    const submission = await proofs.getEpochProof(epoch, publisher.address);
    // Another may have been first while it was being proven.
    if (submission === null || (await rollup.tips()).proven !== proven.number) return;
    try {
      // What is stuck must not hold up the proposals of this key: the next transaction takes its nonce.
      const timeoutMs = 1000 * this.settings.deployment.parameters.slotDuration;
      const receipt = await withTimeout({ clock, timeoutMs, what: "sending a proof", signal }, inTime =>
        publisher.submitProof(submission, inTime),
      );
      this.#submitted.add(1, { outcome: "accepted" });
      logger.info("epoch proof accepted by L1", { epoch, firstBlock: first.header.number, gasUsed: receipt.gasUsed });
    } catch (error) {
      this.#submitted.add(1, { outcome: codeOf(error) });
      throw error;
    }
  }

  async #maySend(epoch: Epoch): Promise<boolean> {
    const { clock, l1Time, committees, publisher } = this.#dependencies;
    const { parameters } = this.settings.deployment;
    // TIME-1: L1's time decides, not this machine's.
    const now = l1Time.nextBlock() ?? unixSeconds(clock);
    const phase = provingPhase(parameters, epoch, now);
    if (phase === "anyone") return this.settings.whenAnyoneMay;
    if (phase !== "right-holder") return false;
    if (parameters.provingRight === "open") return this.settings.whenAnyoneMay;
    const coordinator = await committees.proposerAt(lastSlot(parameters, epoch));
    return coordinator === undefined ? this.settings.whenAnyoneMay : coordinator === publisher.address;
  }
}

/**
 * An L1 that is unreachable (whatever follows it reports that), or slow to accept a transaction; and a prover that does
 * not see as much of L1 as the sender of its proof: to it the epoch is not over, or has fewer blocks.
 */
function passes(error: unknown): boolean {
  const { endpoints, reason } = detailsOf(error) as Partial<L1Away> & { readonly reason?: unknown };
  const code = codeOf(error);
  return (
    endpoints !== undefined ||
    reason === "Prov1_NotEndOfEpoch" ||
    code === ProverErrorCode.EPOCH_NOT_OVER ||
    code === RuntimeErrorCode.TIMEOUT
  );
}
