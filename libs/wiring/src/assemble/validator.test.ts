import { slotStart } from "@sprtn/consensus";
import { Field, Slot } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import {
  buildDeployment,
  fakeAddresses,
  fakeRecovery,
  MemoryJournal,
  MemoryLogger,
  RecordingMeter,
} from "@sprtn/testing";
import { AttestationFault, executeHere } from "@sprtn/validator";
import { expect } from "chai";
import { assembleValidator, type ValidatorDependencyParts } from "./validator.js";

/** What a node of this deployment remembers; it is slot 50. */
function validatorOf(deployment: Deployment) {
  const ports = {
    recovery: fakeRecovery,
    executor: executeHere,
    journal: new MemoryJournal(),
    clock: new ManualClock(1000 * slotStart(deployment.parameters, Slot(50))),
    logger: new MemoryLogger(),
    meter: new RecordingMeter(),
  };
  // Nothing else of them is used before the validator starts.
  const chain = { committees: { committeeOfSlot: async () => [] } };
  const parts = { chain, network: {}, pool: {} } as unknown as ValidatorDependencyParts;
  return assembleValidator(ports, parts, { deployment, validator: { faults: [] } as never });
}

describe("what a validator remembers", () => {
  for (const [lateness, slots] of [
    [0, 5],
    [3, 5],
    [4, 6],
    [9, 11],
  ] as const) {
    it(`LIMIT-13: executed proposals of ${slots} slots where a proposal may be ${lateness} slots late`, () => {
      const base = buildDeployment();
      const { proposals } = validatorOf({ ...base, parameters: { ...base.parameters, proposalLateness: lateness } });
      const { header } = base.genesis;
      for (let slot = 1; slot <= 100; slot++)
        proposals.keep({
          proposal: { header: { ...header, slot: Slot(slot) }, archive: Field(slot), txHashes: [] },
        } as never);
      const kept = Array.from({ length: 101 }, (_, slot) => slot).filter(
        slot => proposals.executed(Slot(slot)).length > 0,
      );
      expect(kept).to.deep.equal(Array.from({ length: slots }, (_, i) => 101 - slots + i));
    });

    it(`LIMIT-11: attestations of ${slots - 1} slots where a proposal may be ${lateness} slots late`, async () => {
      const base = buildDeployment();
      const { attestations } = validatorOf({ ...base, parameters: { ...base.parameters, proposalLateness: lateness } });
      const codeOf = async (slot: number) => {
        const vote = { slot: Slot(slot), headerHash: Field(1), archive: Field(2), signature: new Uint8Array(64) };
        const verdict = await attestations.add(vote);
        return verdict.result === "accept" ? "accept" : verdict.code;
      };
      const { STALE_SLOT, NOT_IN_COMMITTEE } = AttestationFault;
      expect([await codeOf(50 - slots), await codeOf(51 - slots)]).to.deep.equal([STALE_SLOT, NOT_IN_COMMITTEE]);
      expect([await codeOf(51), await codeOf(52)]).to.deep.equal([NOT_IN_COMMITTEE, STALE_SLOT]);
    });
  }

  it("LIMIT-14: evidence of 256 slots; with one more the oldest goes", () => {
    const { equivocations } = validatorOf(buildDeployment());
    const [signer] = fakeAddresses(1);
    const record = (slot: number) =>
      equivocations.record({ type: "Attestation", slot: Slot(slot), signer: signer!, signed: [] as never });
    for (let slot = 1; slot <= 256; slot++) record(slot);
    expect(equivocations.all().map(({ slot }) => slot)).to.have.length(256);
    record(257);
    expect(equivocations.all().map(({ slot }) => slot)).to.deep.equal(Array.from({ length: 256 }, (_, i) => i + 2));
  });
});
