import type { BlockNumber, Epoch, EthAddress, Field, Hex, Wei } from "@sprtn/primitives";

/** What `propose` sends of one block: encoded as L1 hashes it. */
export interface BlockSubmission {
  readonly header: Uint8Array;
  readonly archive: Field;
  readonly effects: Uint8Array;
  /** Packed, PEND-4. */
  readonly signatures: Uint8Array;
}

/** What `submitProof` sends for an epoch. */
export interface ProofSubmission {
  /** First block of the proof: the first unproven one, or an earlier one of its epoch (PROV-1). */
  readonly firstBlock: BlockNumber;
  /** Header of the last block proven. */
  readonly header: Uint8Array;
  readonly archive: Field;
  readonly proof: Uint8Array;
}

/** A mined transaction that did not revert. */
export interface L1Receipt {
  readonly transactionHash: Hex;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

/**
 * Sends one key's transactions to the deployment. A promise resolves when the transaction is mined; it throws a coded
 * error with the contract's error name on a revert,
 * on a time-out (`signal`), and when the balance is short.
 */
export interface L1Publisher {
  readonly address: EthAddress;
  /**
   * One L1 transaction for one block, or for several in order (PEND-9); long effects are published in chunks before.
   */
  propose(blocks: readonly BlockSubmission[], signal?: AbortSignal): Promise<L1Receipt>;
  submitProof(submission: ProofSubmission, signal?: AbortSignal): Promise<L1Receipt>;
  prune(signal?: AbortSignal): Promise<L1Receipt>;
  checkpointRandao(signal?: AbortSignal): Promise<L1Receipt>;
  /** Touches the Rollup (SEED-1) and fixes an epoch's committee on L1 (COM-1), up to two epochs ahead. */
  setupEpoch(epoch: Epoch, signal?: AbortSignal): Promise<L1Receipt>;
  balance(): Promise<Wei>;
}
