import { Slot } from "@sprtn/primitives";
import type { AttestationDuty, ProposalDuty } from "@sprtn/ports";
import { fakeAddresses } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { decodeCommittee, decodeDuties, encodeCommittee, encodeDuties } from "./duty-record.js";
import { SentinelErrorCode } from "./sentinel-error.js";

const code = (work: () => unknown) => {
  try {
    work();
    return "none";
  } catch (error) {
    return (error as { readonly code?: string }).code;
  }
};
const proposals: readonly ProposalDuty[] = ["unknown", "proposed", "late", "missed", "idle"];
const attestations: readonly AttestationDuty[] = ["unknown", "attested", "missed", "none"];

describe("records of duties", () => {
  it("are read as they were written, four bits a duty", () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 64 }), fc.nat(2 ** 32 - 1)),
        fc.constantFrom(...proposals),
        fc.infiniteStream(fc.constantFrom(...attestations)),
        ([size, slot], proposal, stream) => {
          const committee = fakeAddresses(size);
          const duties = {
            slot: Slot(slot),
            proposer: committee[slot % size]!,
            proposal,
            attestations: committee.map(validator => ({ validator, duty: stream.next().value as AttestationDuty })),
          };
          const bytes = encodeDuties(duties);
          expect(bytes.length).to.equal(Math.ceil((size + 1) / 2));
          expect(decodeDuties(Slot(slot), bytes, decodeCommittee(encodeCommittee(committee)))).to.deep.equal(duties);
        },
      ),
    );
  });

  it("of no committee are the proposal alone", () => {
    const duties = { slot: Slot(3), proposer: null, proposal: "idle", attestations: [] } as const;
    expect(decodeDuties(Slot(3), encodeDuties(duties), [])).to.deep.equal(duties);
  });

  it("that are none of these have a code", () => {
    const committee = fakeAddresses(3);
    for (const bytes of [[], [0x11], [0x11, 0x11, 0x11], [0x05, 0x00], [0x41, 0x00], [0x11, 0x04], [0xf1, 0x00]])
      expect(
        code(() => decodeDuties(Slot(1), Uint8Array.from(bytes), committee)),
        String(bytes),
      ).to.equal(SentinelErrorCode.BAD_RECORD);
    expect(code(() => decodeCommittee(new Uint8Array(21)))).to.equal(SentinelErrorCode.BAD_RECORD);
  });
});
