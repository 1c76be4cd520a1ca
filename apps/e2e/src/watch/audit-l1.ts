import { epochOf, quorum } from "@sprtn/consensus";
import { type Deployment, genesisAccumulator, nextAccumulator } from "@sprtn/protocol";
import type { L1History } from "../l1/l1-history.js";
import { assertInvariant } from "./assert-invariant.js";

/** INV-3, INV-7 and the chain's own links, over everything that L1 holds. @throws INVARIANT */
export function auditL1(history: L1History, deployment: Deployment): void {
  auditQuorums(history, deployment);
  auditLinks(history, deployment);
  auditProofs(history, deployment);
}

function auditQuorums({ accepted, committeeSizes }: L1History, { parameters }: Deployment): void {
  for (const { header, signers } of accepted) {
    const size = committeeSizes.get(epochOf(parameters, header.slot)) ?? 0;
    assertInvariant(
      "INV-3",
      size > 0 && signers >= quorum(size),
      `block ${header.number} of slot ${header.slot} has ${signers} signers of a committee of ${size}`,
    );
  }
}

/** Archive roots and accumulators lead from genesis to the tip without a gap; slots rise. */
function auditLinks({ chain, pending }: L1History, deployment: Deployment): void {
  let [archive, slot, accumulator] = [
    deployment.genesis.archive,
    0,
    genesisAccumulator(deployment, deployment.genesis.header),
  ];
  for (let number = 1; number <= pending; number++) {
    const block = chain.get(number);
    assertInvariant(
      "PEND-1",
      block !== undefined && block.header.lastArchive === archive,
      `block ${number} does not follow block ${number - 1}`,
    );
    assertInvariant(
      "PEND-2",
      block.header.slot > slot,
      `block ${number} of slot ${block.header.slot} follows one of slot ${slot}`,
    );
    accumulator = nextAccumulator(accumulator, block.headerHash);
    assertInvariant(
      "INV-7",
      block.accumulator === accumulator,
      `the accumulator of block ${number} does not bind the headers up to it`,
    );
    [archive, slot] = [block.archive, block.header.slot];
  }
}

function auditProofs({ provenRanges, pending, proven, chain }: L1History, { parameters }: Deployment): void {
  let tip = 0;
  for (const { first, last, archive, held } of provenRanges) {
    assertInvariant(
      "INV-7",
      first === tip + 1 && last >= first,
      `a proof of blocks ${first} to ${last} came after block ${tip}`,
    );
    assertInvariant(
      "INV-7",
      held?.archive === archive,
      `the proof of block ${last} is of another archive than L1 held`,
    );
    assertInvariant(
      "INV-7",
      chain.get(last)?.headerHash === held.headerHash,
      `block ${last} is proven and not on the chain any more`,
    );
    const epochs = new Set(
      Array.from({ length: last - first + 1 }, (_, i) => chain.get(first + i)).map(
        block => block && epochOf(parameters, block.header.slot),
      ),
    );
    assertInvariant(
      "PROV-1",
      epochs.size === 1,
      `the proof of blocks ${first} to ${last} spans epochs ${[...epochs].join(", ")}`,
    );
    tip = last;
  }
  assertInvariant("INV-1", proven <= pending && proven === tip, `L1 has proven ${proven}, pending ${pending}`);
}
