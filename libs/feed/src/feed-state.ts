import type { SlotStep } from "@sprtn/consensus";

/**
 * All that a node's page shows at a moment, as JSON: numbers, strings, no bigints. A server and its pages hold the same
 * state and move it by the same {@link reduce}, so that a page that has missed events is given this and goes on.
 */
export interface FeedState {
  /** Of this format; a page of another one loads itself anew. */
  readonly v: typeof FEED_VERSION;
  /** Number of the last event that is in it. */
  readonly seq: number;
  /** Server's clock at that event, ms since 1970. */
  readonly atMs: number;
  readonly node: NodeIdentity;
  readonly rules: NetworkRules;
  readonly tips: TipsRow;
  /** The last {@link KEPT_SLOTS} that have begun, ascending, without gaps. */
  readonly slots: readonly SlotRow[];
  /** Those of `slots`, ascending. */
  readonly epochs: readonly EpochRow[];
  /** Epochs that this node's prover is at; null where there is none. */
  readonly proofs: ProofsRow | null;
  readonly pool: PoolRow;
  readonly peers: PeersRow;
  readonly machine: MachineRow;
  readonly fees: FeesRow;
  readonly health: HealthRow;
}

/** Of state and events: what another one means is not known. */
export const FEED_VERSION = 1;

/** Slots that a state holds: three epochs of 32. */
export const KEPT_SLOTS = 96;

/** What stays the same while the node runs. */
export interface NodeIdentity {
  readonly name: string;
  readonly version: string;
  readonly network: string;
  readonly chainId: string;
  readonly rollup: string;
  readonly roles: readonly string[];
  /** Address that this node signs with; null if it does not. */
  readonly own: string | null;
  readonly proofMode: "real" | "simulated";
  /** Under `dev` anyone can forge real proofs. */
  readonly crs: string | null;
  /** Validators of one process that share its chain with this node; 1 for a node by itself. */
  readonly density: number;
}

/** Those of the deployment that a page counts with. */
export interface NetworkRules {
  /** s since 1970. */
  readonly genesisTime: number;
  /** s */
  readonly slotDuration: number;
  /** Slots. */
  readonly epochDuration: number;
  /** `off`: base fees are 1 wei per gas in every block. */
  readonly fees: "on" | "off";
  /** s after the end of an epoch: its coordinator's proof is due. */
  readonly proofWindow: number;
  /** s after that: anyone's. */
  readonly challengeWindow: number;
  /** Latest beginning of each step, ms into the slot, as this node plans. */
  readonly timetable: Readonly<Record<SlotStep, number>>;
}

/** Heads of the chains. */
export interface TipsRow {
  /** Block numbers. */
  readonly pending: number;
  readonly proven: number;
  readonly finalized: number;
  /** Head of L1 that the node saw last, with its time, s since 1970; null before the first. */
  readonly l1: { readonly number: number; readonly timestamp: number } | null;
  readonly synced: boolean;
}

/** A slot, as far as this node knows what happened in it. Times are ms after its start. */
export interface SlotRow {
  readonly slot: number;
  /** Null if the epoch's committee is empty, or not known yet. */
  readonly proposer: string | null;
  /** The first proposal that arrived. */
  readonly proposal?: { readonly block: number; readonly txs: number; readonly afterMs: number };
  /** Who attested, as index in the committee, and when that arrived. */
  readonly attested: readonly (readonly [member: number, afterMs: number])[];
  /** This node's own steps as its proposer. */
  readonly steps: readonly StepRow[];
  /** More than one after a reorg: the one that stands is last. */
  readonly blocks: readonly BlockRow[];
  /** Own slots: what became of it. */
  readonly own?: OwnSlotRow;
}

/** A step of a slot with its duration. */
export interface StepRow {
  readonly step: SlotStep;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A block that L1 holds, or held. */
export interface BlockRow {
  readonly number: number;
  readonly slot: number;
  readonly hash: string;
  readonly txs: number;
  /** When this node saw it on L1, ms after the slot's start; null for one that it found there later. */
  readonly afterMs: number | null;
  /** Why it is on L1 no longer. */
  readonly removed?: "prune" | "reorg";
}

/** What became of an own slot. */
export interface OwnSlotRow {
  readonly outcome: string;
  readonly code: string | null;
  readonly reason: string | null;
}

/** An epoch's committee. */
export interface EpochRow {
  readonly epoch: number;
  /** In committee order; empty without validators. */
  readonly committee: readonly string[];
  readonly quorum: number;
}

/** The prover's work. */
export interface ProofsRow {
  readonly epochs: readonly {
    readonly epoch: number;
    readonly state: "collecting" | "proving" | "proven" | "failed";
    readonly done: number;
    readonly total: number;
    readonly secondsLeft: number | null;
    readonly failure: string | null;
  }[];
  /** Jobs of all epochs by state. */
  readonly jobs: { readonly queued: number; readonly leased: number; readonly done: number; readonly failed: number };
}

/** Transactions that wait. */
export interface PoolRow {
  readonly count: number;
  readonly bytes: number;
}

/** P2P. */
export interface PeersRow {
  readonly inbound: number;
  readonly outbound: number;
}

/** What the process uses. */
export interface MachineRow {
  /** s since the node started. */
  readonly uptime: number;
  /** Resident memory. */
  readonly rssBytes: number;
  /** Of one core, 0 to the number of cores. */
  readonly cores: number;
  /** 99th percentile of how late the event loop is, ms. */
  readonly loopLagMs: number;
}

/** Base fees of the next block, wei per unit of gas, as decimal strings. */
export interface FeesRow {
  readonly perL2Gas: string;
  readonly perDaGas: string;
}

/** Whether the node does its work, as GET /ready says. */
export interface HealthRow {
  readonly ready: boolean;
  readonly code: string | null;
  readonly reason: string | null;
  /** Since when it is so, ms since 1970. */
  readonly sinceMs: number;
}
