import type { EthAddress } from "@sprtn/primitives";
import type { AttestationDuty, DutyTotals, ProposalDuty, SlotDuties } from "@sprtn/ports";

type Counts = {
  readonly proposals: Record<ProposalDuty, number>;
  readonly attestations: Record<AttestationDuty, number>;
};

/** How often each validator did what. */
export async function totalsOf(slots: AsyncIterable<SlotDuties>): Promise<readonly DutyTotals[]> {
  const counts = new Map<EthAddress, Counts>();
  const of = (validator: EthAddress): Counts => {
    const known = counts.get(validator) ?? none();
    counts.set(validator, known);
    return known;
  };
  for await (const { proposer, proposal, attestations } of slots) {
    if (proposer !== null) of(proposer).proposals[proposal]++;
    for (const { validator, duty } of attestations) of(validator).attestations[duty]++;
  }
  return [...counts].map(([validator, counted]) => ({ validator, ...counted }));
}

function none(): Counts {
  return {
    proposals: { proposed: 0, late: 0, missed: 0, idle: 0, unknown: 0 },
    attestations: { attested: 0, missed: 0, none: 0, unknown: 0 },
  };
}
