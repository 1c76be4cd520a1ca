/** `node_getTxReceipt`, as it comes. */
export interface Receipt {
  readonly txHash: string;
  readonly stage: string;
  readonly block?: { readonly number: number; readonly hash: string; readonly index: number };
  readonly fee?: string;
  readonly reverted?: boolean;
  readonly code?: string;
}

/** A rung of the ladder that a transaction climbs. */
export interface Rung {
  readonly stage: string;
  readonly state: "done" | "now" | "next" | "later";
  readonly what: string;
}

const rungs = [
  ["executed", "its wallet executed and proved it; what it paid privately never left the wallet"],
  ["submitted", "a node stored it and told its peers"],
  ["proposed", "a proposer put it into a block"],
  ["attested", "a quorum of validators executed that block and signed it"],
  ["pending", "L1 holds the block"],
  ["proven", "L1 verified its epoch's proof"],
  ["finalized", "the proof's L1 block is final: nothing takes it back"],
] as const;

const waits: Readonly<Record<string, string>> = {
  submitted: "waits for its wallet to send it",
  proposed: "waits for a proposer with room for it",
  attested: "waits for a quorum of the committee",
  pending: "waits for L1 to include the block",
  proven: "waits for its epoch to end and to be proven",
  finalized: "waits for L1 to finalize the proof",
};

/** The seven stages; null for a transaction that is on none of them. */
export function txLadder(receipt: Receipt): readonly Rung[] | null {
  const reached = rungs.findIndex(([stage]) => stage === receipt.stage);
  if (reached < 0) return null;
  return rungs.map(([stage, what], i) => {
    if (i < reached) return { stage, state: "done", what };
    if (i === reached) return { stage, state: "now", what };
    return {
      stage,
      state: i === reached + 1 ? "next" : "later",
      what: i === reached + 1 ? (waits[stage] ?? what) : "",
    };
  });
}
