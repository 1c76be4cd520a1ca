import type { Epoch, EthAddress } from "@sprtn/primitives";
import type { ProofSubmission } from "./l1-publisher.js";

export interface EpochProgress {
  readonly epoch: Epoch;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly jobsDone: number;
  /** All that the epoch takes, as far as its blocks are known. */
  readonly jobsTotal: number;
  /** At the pace so far; null before the first job is done. */
  readonly secondsLeft: number | null;
  readonly state: "collecting" | "proving" | "proven" | "failed";
}

/** The prover client of a proof coordinator [000]: one prover for many sequencers. */
export interface EpochProofSource {
  /**
   * The proof of the unproven blocks of a finished epoch, bound to who will send it; `null` while it is being made.
   * Throws a coded error for an epoch that it cannot prove.
   */
  getEpochProof(epoch: Epoch, prover: EthAddress): Promise<ProofSubmission | null>;
  getEpochs(): Promise<readonly EpochProgress[]>;
}
