import { circuitGates } from "@sprtn/circuits";
import type { CircuitName } from "@sprtn/protocol";

/** A block as far as its proofs are concerned. */
export interface PlannedBlock {
  readonly txCount: number;
  /** Whether the circuits for blocks of one transaction take it. */
  readonly single: boolean;
}

/** By the number of children. */
export const blockRoots = ["block-root-empty", "block-root-one", "block-root-two"] as const;

/** Every proof that an epoch of these blocks takes, the root's included; in no order that matters. */
export function plannedJobs(blocks: readonly PlannedBlock[]): CircuitName[] {
  const jobs: CircuitName[] = [];
  let leaves = 0;
  for (let at = 0; at < blocks.length; at++, leaves++) {
    const block = blocks[at] as PlannedBlock;
    if (block.single && blocks[at + 1]?.single === true) {
      jobs.push("block-root-pair");
      at++;
    } else if (block.single) jobs.push("block-root-single");
    else
      jobs.push(
        ...repeat("tx-base", block.txCount),
        ...repeat("tx-merge", block.txCount - 2),
        blockRoots[Math.min(block.txCount, 2)] as CircuitName,
      );
  }
  if (leaves === 0) return jobs;
  return [...jobs, ...repeat("block-merge", leaves - 2), leaves === 1 ? "root-one" : "root-two"];
}

/** What proving takes, in gates: real proofs' time follows them. */
export function weightOf(jobs: readonly CircuitName[]): number {
  return jobs.reduce((sum, job) => sum + circuitGates[job], 0);
}

function repeat(job: CircuitName, count: number): CircuitName[] {
  return Array.from({ length: Math.max(0, count) }, () => job);
}
