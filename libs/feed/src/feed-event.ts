import type {
  BlockRow,
  EpochRow,
  FEED_VERSION,
  FeesRow,
  HealthRow,
  MachineRow,
  OwnSlotRow,
  PeersRow,
  PoolRow,
  ProofsRow,
  StepRow,
  TipsRow,
} from "./feed-state.js";

/** What changes a state. */
export type FeedChange =
  /** A slot has begun. */
  | { readonly t: "slot"; readonly slot: number }
  /** The committee of an epoch whose slots are shown has become known, or is another one after an L1 reorg. */
  | { readonly t: "epoch"; readonly epoch: EpochRow }
  | {
      readonly t: "proposal";
      readonly slot: number;
      readonly block: number;
      readonly txs: number;
      readonly afterMs: number;
    }
  /** Several that came close together. */
  | { readonly t: "attestation"; readonly slot: number; readonly from: readonly (readonly [number, number])[] }
  | ({ readonly t: "step"; readonly slot: number } & StepRow)
  | ({ readonly t: "own"; readonly slot: number } & OwnSlotRow)
  | {
      readonly t: "blocks";
      readonly added: readonly BlockRow[];
      /** Hashes. */
      readonly removed: readonly string[];
      readonly cause?: "prune" | "reorg";
    }
  | { readonly t: "tips"; readonly tips: TipsRow }
  | { readonly t: "proofs"; readonly proofs: ProofsRow | null }
  | { readonly t: "pool"; readonly pool: PoolRow }
  | { readonly t: "peers"; readonly peers: PeersRow }
  | { readonly t: "machine"; readonly machine: MachineRow }
  | { readonly t: "fees"; readonly fees: FeesRow }
  | { readonly t: "health"; readonly health: HealthRow };

/** A change with its number and the server's clock, ms since 1970. A page ignores a `t` that it does not know. */
export type FeedEvent = { readonly v: typeof FEED_VERSION; readonly seq: number; readonly atMs: number } & FeedChange;
