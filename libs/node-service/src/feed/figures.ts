import type { FeesRow, HealthRow, MachineRow, PeersRow, PoolRow, ProofsRow, TipsRow } from "@sprtn/feed";
import type { BlockSource, EpochProgress, L1Time, PeerInfo, QueueStatus } from "@sprtn/ports";
import type { GasFees } from "@sprtn/protocol";

/** What is looked at each second. */
export interface FiguresDependencies {
  readonly blocks: Pick<BlockSource, "tips" | "synced">;
  readonly l1Time: Pick<L1Time, "head">;
  readonly pool: () => PoolRow;
  readonly peers: () => readonly PeerInfo[];
  readonly machine: () => MachineRow;
  readonly baseFees: () => Promise<GasFees>;
  readonly readiness: () => { readonly ready: boolean; readonly code?: string; readonly reason?: string };
  /** Absent on a node without a prover. */
  readonly prover?: { readonly epochs: () => Promise<readonly EpochProgress[]>; readonly jobs: () => QueueStatus };
}

/** Epochs of a prover that a page shows: what is under way and what was done last. */
const SHOWN_EPOCHS = 8;

export function tipsRow({ blocks, l1Time }: Pick<FiguresDependencies, "blocks" | "l1Time">): TipsRow {
  const { pending, proven, finalized } = blocks.tips();
  const head = l1Time.head();
  return {
    pending: pending.number,
    proven: proven.number,
    finalized: finalized.number,
    l1: head === undefined ? null : { number: head.number, timestamp: head.timestamp },
    synced: blocks.synced(),
  };
}

export function peersRow(peers: readonly PeerInfo[]): PeersRow {
  const inbound = peers.filter(({ direction }) => direction === "inbound").length;
  return { inbound, outbound: peers.length - inbound };
}

export function feesRow({ perL2Gas, perDaGas }: GasFees): FeesRow {
  return { perL2Gas: String(perL2Gas), perDaGas: String(perDaGas) };
}

export async function proofsRow({ epochs, jobs }: NonNullable<FiguresDependencies["prover"]>): Promise<ProofsRow> {
  const all = await epochs();
  return {
    epochs: all
      .slice(-SHOWN_EPOCHS)
      .map(({ epoch, state, jobsDone, jobsTotal, secondsLeft, failure }) => ({
        epoch,
        state,
        done: jobsDone,
        total: jobsTotal,
        secondsLeft,
        failure,
      })),
    jobs: jobs(),
  };
}

/** As it is now, and since when it is so. */
export function healthRow(
  { ready, code = null, reason = null }: { ready: boolean; code?: string | null; reason?: string | null },
  earlier: HealthRow,
  nowMs: number,
): HealthRow {
  const isSame = ready === earlier.ready && code === earlier.code;
  return { ready, code, reason, sinceMs: isSame ? earlier.sinceMs : nowMs };
}
