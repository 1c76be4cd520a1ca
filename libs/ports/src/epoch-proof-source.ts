import type { Epoch, EthAddress } from "@sprtn/primitives";
import type { ProofSubmission } from "./l1-publisher.js";
import type { JobTrouble } from "./proof-queue.js";

/** How far the proof of an epoch is. */
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
  /** Why the last attempt at the whole epoch failed; null if none did. */
  readonly failure: string | null;
  /** Jobs that agents have failed or vanished over, a few of them. */
  readonly troubles: readonly Omit<JobTrouble, "epoch">[];
}

/** The prover client of a proof coordinator (PROV-5): one prover for many sequencers. */
export interface EpochProofSource {
  /**
   * The proof of a finished epoch's blocks up to its last, bound to who will send it; `null` while it is being made. It
   * may begin with blocks that somebody else has proven meanwhile.
   * @throws a coded error for an epoch that it cannot prove, or that it does not prove for `prover`
   */
  getEpochProof(epoch: Epoch, prover: EthAddress): Promise<ProofSubmission | null>;
  getEpochs(): Promise<readonly EpochProgress[]>;
}
