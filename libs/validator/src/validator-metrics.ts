import type { Meter } from "@sprtn/ports";

/** Proposals by outcome. */
export function verifiedProposals(meter: Meter) {
  return meter.counter<"outcome">({
    name: "sprtn_validator_proposals_total",
    help: "Proposals by outcome of their verification",
    labels: ["outcome"],
  });
}

/** Time to verify one. */
export function verifySeconds(meter: Meter) {
  return meter.histogram({
    name: "sprtn_validator_verify_seconds",
    help: "Time to verify a proposal: transactions, execution, comparison",
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8],
  });
}

/** Validators that were seen to sign twice. */
export function equivocationsSeen(meter: Meter) {
  return meter.counter<"type">({
    name: "sprtn_validator_equivocations_total",
    help: "Validators seen to sign two different proposals or attestations for one slot",
    labels: ["type"],
  });
}

/** Signatures under the own key from elsewhere. */
export function foreignSignatures(meter: Meter) {
  return meter.counter<"type">({
    name: "sprtn_validator_foreign_signatures_total",
    help: "Proposals and attestations signed with this node's key, but not by this node",
    labels: ["type"],
  });
}
