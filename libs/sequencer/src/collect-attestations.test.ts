import { quorum } from "@sprtn/consensus";
import { type EthAddress, Field, Slot } from "@sprtn/primitives";
import type { AttestationSource } from "@sprtn/ports";
import { packSignatures, unpackSignatures } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { fakeAddresses } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { collectAttestations, packQuorum, SequencerErrorCode } from "./index.js";

const payload = { headerHash: Field(1), archive: Field(2) };
const slot = Slot(3);
const signatureOf = (committee: readonly EthAddress[], member: EthAddress) =>
  new Uint8Array(64).fill(1 + committee.indexOf(member));

/** Attestations of those members, in that order. */
function source(committee: readonly EthAddress[], voters: readonly EthAddress[]): AttestationSource {
  const votes = new Map(voters.map(voter => [voter, signatureOf(committee, voter)]));
  return {
    attestationsOf: (at, of) =>
      at === slot && of.headerHash === payload.headerHash && of.archive === payload.archive ? votes : new Map(),
    attestedHeader: () => undefined,
  };
}

const of = (size: number, proposer = 0) => {
  const committee = fakeAddresses(size);
  return { slot, payload, committee, proposer: committee[proposer] as EthAddress };
};

describe("packing a quorum", () => {
  it("PEND-3, PEND-4: the proposer and just enough others, in committee order, for any who voted", () => {
    const committee = fc
      .integer({ min: 1, max: 40 })
      .chain(size =>
        fc.record({
          size: fc.constant(size),
          proposer: fc.nat(size - 1),
          voters: fc.shuffledSubarray(fakeAddresses(size)),
        }),
      );
    fc.assert(
      fc.property(committee, ({ size, proposer, voters }) => {
        const wanted = of(size, proposer);
        const packed = packQuorum(source(wanted.committee, voters), wanted);
        if (voters.length < quorum(size) || !voters.includes(wanted.proposer)) {
          expect(packed).to.equal(undefined);
          return;
        }
        const members = unpackSignatures(packed as Uint8Array);
        expect(members.length).to.equal(size);
        expect(members.filter(member => "signature" in member).length).to.equal(quorum(size));
        members.forEach((member, index) => {
          const address = wanted.committee[index] as EthAddress;
          expect(member).to.deep.equal(
            "signature" in member ? { signature: signatureOf(wanted.committee, address) } : { address },
          );
          if ("signature" in member) expect(voters).to.include(address);
        });
        expect(members[proposer]).to.have.property("signature");
      }),
    );
  });

  it("votes for another block do not count", () => {
    const wanted = of(4);
    const votes = source(wanted.committee, wanted.committee);
    expect(packQuorum(votes, { ...wanted, payload: { ...payload, archive: Field(9) } })).to.equal(undefined);
    expect(packQuorum(votes, { ...wanted, slot: Slot(4) })).to.equal(undefined);
  });

  it("COM-4: without a committee it is empty", () => {
    expect(packQuorum(source([], []), of(0))).to.deep.equal(packSignatures([]));
  });
});

describe("collecting attestations", () => {
  const collect = (clock: ManualClock, attestations: AttestationSource, signal = new AbortController().signal) =>
    collectAttestations({ attestations, clock }, { ...of(4), deadlineMs: 1000, pollMs: 100 }, signal);

  it("waits until there are enough", async () => {
    const clock = new ManualClock();
    const { committee } = of(4);
    let votes = source(committee, committee.slice(0, 2));
    const packed = collect(clock, {
      attestationsOf: (...args) => votes.attestationsOf(...args),
      attestedHeader: () => undefined,
    });
    await clock.advance(500);
    votes = source(committee, committee.slice(0, 3));
    await clock.advance(100);
    expect(unpackSignatures(await packed).map(member => "signature" in member)).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
  });

  it("SEQUENCER_NO_QUORUM at the deadline, also when only the proposer's own is missing", async () => {
    const { committee } = of(4);
    for (const voters of [committee.slice(0, 2), committee.slice(1)]) {
      const clock = new ManualClock();
      const failed = collect(clock, source(committee, voters)).catch((error: unknown) => error);
      await clock.advance(1000);
      expect(await failed).to.include({ code: SequencerErrorCode.NO_QUORUM });
      expect(clock.pendingTimers).to.equal(0);
    }
  });

  it("ends when it is told to", async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const failed = collect(clock, source([], []), controller.signal).catch((error: unknown) => error);
    controller.abort();
    expect(await failed).to.include({ code: "RUNTIME_ABORTED" });
    expect(clock.pendingTimers).to.equal(0);
  });
});
