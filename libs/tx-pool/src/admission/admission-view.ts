import type { BlockNumber, Field, FieldHasher, Slot } from "@sprtn/primitives";
import type { Gas, GasFees } from "@sprtn/protocol";
import type { StateView } from "@sprtn/ports";
import type { PendingTxs } from "../pending-txs.js";
import type { PoolEntry } from "../pool-entry.js";
import type { Refusal } from "../refusal.js";

/** What the rules of TX-1 look at, at one moment. */
export interface AdmissionView {
  readonly chain: { readonly chainId: bigint; readonly rollupVersion: bigint };
  readonly hasher: FieldHasher;
  readonly currentSlot: Slot;
  /** At the pending tip. */
  readonly state: StateView;
  readonly anchorBlock: (noteHashRoot: Field) => BlockNumber | undefined;
  /** Of the next block. */
  readonly baseFees: GasFees;
  readonly blockGasLimit: Gas;
  readonly pending: PendingTxs;
  readonly limits: { readonly maxTxs: number; readonly maxBytes: number };
}

/** One rule of TX-1: what is wrong with the candidate, if anything is. */
export type AdmissionRule = (candidate: PoolEntry, view: AdmissionView) => Refusal | undefined;
