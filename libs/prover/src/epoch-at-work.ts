import { BlockNumber, type Epoch, type EthAddress, type Field } from "@sprtn/primitives";
import type { BlockSource, EpochProgress, EpochSession, ProofSubmission } from "@sprtn/ports";
import { encodeHeader, type L2Block } from "@sprtn/protocol";
import type { BlockWitness } from "@sprtn/state-transition";
import type { ChildProof } from "@sprtn/state-transition/circuits";

/** One epoch at work: its blocks so far, oldest first, and the epoch's proofs of all of them. */
export class EpochAtWork {
  readonly blocks: L2Block[] = [];
  /** By who will send it. */
  readonly #proofs = new Map<EthAddress, ChildProof>();
  readonly #finishing = new Set<EthAddress>();
  /** Why it could not be proven. */
  failure: string | undefined;

  constructor(
    readonly epoch: Epoch,
    readonly session: EpochSession,
  ) {}

  has(block: L2Block): boolean {
    return this.blocks.some(each => each.headerHash === block.headerHash);
  }

  /** Proofs of fewer blocks are no longer useful. */
  add(block: L2Block, { root, bases }: BlockWitness, startAccumulator: Field): void {
    this.session.startBlock({ root, startAccumulator });
    for (const processedTx of bases) this.session.addTx(processedTx);
    this.blocks.push(block);
    this.#proofs.clear();
  }

  /** What `prover` is to send, once it is made. */
  submissionOf(prover: EthAddress): ProofSubmission | undefined {
    const proof = this.#proofs.get(prover);
    const [first, last] = [this.blocks[0], this.blocks.at(-1)];
    if (proof === undefined || first === undefined || last === undefined) return undefined;
    return {
      firstBlock: first.header.number,
      header: encodeHeader(last.header),
      archive: last.archive,
      proof: proof.proof,
    };
  }

  isFinishing(prover: EthAddress): boolean {
    return this.#finishing.has(prover);
  }

  /** Makes the epoch's proof for `prover`; one that lacks blocks by then is dropped. */
  async finish(prover: EthAddress): Promise<void> {
    const last = this.blocks.at(-1);
    this.#finishing.add(prover);
    try {
      const made = await this.session.finalizeEpoch(prover);
      if (this.blocks.at(-1) === last) this.#proofs.set(prover, made);
      this.failure = undefined;
    } finally {
      this.#finishing.delete(prover);
    }
  }

  /** Whether one of its blocks is no longer on the chain. */
  async isStale(chain: Pick<BlockSource, "block">): Promise<boolean> {
    const stands = await Promise.all(
      this.blocks.map(
        async ({ header, headerHash }) => (await chain.block(BlockNumber(header.number)))?.headerHash === headerHash,
      ),
    );
    return stands.includes(false);
  }

  /** Whether all its blocks are proven on L1. */
  isProven(proven: BlockNumber): boolean {
    const last = this.blocks.at(-1);
    return last !== undefined && last.header.number <= proven;
  }

  progress(isOver: boolean): EpochProgress {
    return {
      epoch: this.epoch,
      firstBlock: this.blocks[0]?.header.number ?? 0,
      lastBlock: this.blocks.at(-1)?.header.number ?? 0,
      jobsDone: this.session.jobs.done,
      jobsTotal: this.session.jobs.total,
      secondsLeft: this.session.secondsLeft ?? null,
      state: this.#state(isOver),
      failure: this.failure ?? null,
      troubles: [],
    };
  }

  #state(isOver: boolean): EpochProgress["state"] {
    if (this.failure !== undefined) return "failed";
    if (this.#proofs.size > 0) return "proven";
    return isOver ? "proving" : "collecting";
  }
}
