import type { Epoch, EthAddress, Field } from "@sprtn/primitives";
import type { BlockWitness } from "@sprtn/state-transition";
import type { ChildProof, TxBaseInputs } from "@sprtn/state-transition/circuits";

/** A block to be proven, without its transactions. */
export interface BlockToProve {
  readonly root: BlockWitness["root"];
  /** accumulator(number − 1) */
  readonly startAccumulator: Field;
}

/** One epoch at a prover client. */
export interface EpochSession {
  readonly epoch: Epoch;
  /** Jobs that are done, and all that the epoch takes as far as its blocks are known. */
  readonly jobs: { readonly done: number; readonly total: number };
  /** How long the rest will take at the pace so far; undefined before the first job is done. */
  readonly secondsLeft: number | undefined;
  /**
   * The next block; its header says how many transactions follow.
   * @throws a coded error while some of the block before are missing
   */
  startBlock(block: BlockToProve): void;
  /**
   * The next transaction of the block that was started last: proving it begins at once.
   * @throws a coded error for one too many
   */
  addTx(processedTx: TxBaseInputs): void;
  /** All blocks are in: the epoch's root proof, bound to who will send it. Rejects with the first job that failed. */
  finalizeEpoch(prover: EthAddress): Promise<ChildProof>;
  /** The epoch was proven by another, or pruned: stops waiting for its jobs. */
  cancel(): void;
}

/** The prover client of a proof coordinator: `startEpoch`, `addTx(processedTx)`, `finalizeEpoch` (PROV-5). */
export interface ProverClient {
  startEpoch(epoch: Epoch): EpochSession;
}
