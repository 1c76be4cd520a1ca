import { Field, Slot } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { buildDeployment, fakeRecovery, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { assembleValidator, type ValidatorDependencyParts } from "./validator.js";

/** The executed proposals of a node of this deployment. */
function proposalsOf(deployment: Deployment) {
  const ports = {
    recovery: fakeRecovery,
    clock: new ManualClock(),
    logger: new MemoryLogger(),
    meter: new RecordingMeter(),
  };
  // Nothing of them is used before the validator starts.
  const parts = { chain: {}, network: {}, pool: {} } as unknown as ValidatorDependencyParts;
  return assembleValidator(ports, parts, { deployment, validator: { faults: [] } as never }).proposals;
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
      const proposals = proposalsOf({ ...base, parameters: { ...base.parameters, proposalLateness: lateness } });
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
  }
});
