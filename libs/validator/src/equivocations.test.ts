import { type EthAddress, Field, Slot } from "@sprtn/primitives";
import { fakeAddresses, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { type Equivocation, Equivocations } from "./index.js";

const members = fakeAddresses(3);

function evidence(slot: number, signer: EthAddress, headers: readonly [number, number] = [1, 2]): Equivocation {
  const [first, second] = headers.map(header => ({
    slot: Slot(slot),
    headerHash: Field(header),
    archive: Field(9),
    signature: new Uint8Array(64).fill(header),
  }));
  return { type: "Attestation", slot: Slot(slot), signer, signed: [first!, second!] };
}

function setUp() {
  const [logger, meter] = [new MemoryLogger(), new RecordingMeter()];
  return { logger, meter, equivocations: new Equivocations({ logger, meter }, { slots: 3 }) };
}

describe("evidence of equivocations (SIGN-2, LIMIT-14)", () => {
  it("is kept once a kind, signer and slot, and counted", () => {
    const { meter, logger, equivocations } = setUp();
    const [one, two] = members as [EthAddress, EthAddress];
    for (const each of [evidence(5, one), evidence(5, one, [3, 4]), evidence(5, two), evidence(4, one)])
      equivocations.record(each);
    expect(equivocations.all()).to.deep.equal([evidence(4, one), evidence(5, one), evidence(5, two)]);
    expect(meter.value("sprtn_validator_equivocations_total", { type: "Attestation" })).to.equal(3);
    expect(logger.lines("warn")).to.deep.equal([]);
  });

  it("of the oldest slots goes first", () => {
    const { equivocations } = setUp();
    for (const slot of [7, 5, 9, 6, 8]) for (const signer of members) equivocations.record(evidence(slot, signer));
    expect(equivocations.all().map(({ slot }) => slot)).to.deep.equal([7, 7, 7, 8, 8, 8, 9, 9, 9]);
  });
});
