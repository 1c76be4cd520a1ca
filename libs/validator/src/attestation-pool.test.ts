import { quorum } from "@sprtn/consensus";
import { type EthAddress, Field, Slot } from "@sprtn/primitives";
import type { ValidationResult } from "@sprtn/ports";
import { type BlockPayload, encodeAttestation, hashTxList, payloadDigest } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { fakeAddresses, FakeSigner } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { AttestationFault } from "./index.js";
import { ProposalNetwork } from "./test/proposal-network.js";

const payloads: BlockPayload[] = [1, 2, 3].map(n => ({ headerHash: Field(n), archive: Field(10 + n) }));
const [good, other, third] = payloads as [BlockPayload, BlockPayload, BlockPayload];

const fixture = new ChainFixture();

async function setUp() {
  const network = new ProposalNetwork(fixture);
  await network.setSlot(10);
  const { pool, equivocations, journal, logger } = network.node();
  const attestation = (by: EthAddress, slot: number, payload: BlockPayload) => {
    const signature = new FakeSigner(by).sign(
      payloadDigest(network.domain, "Attestation", { ...payload, slot: Slot(slot) }),
    );
    return { slot: Slot(slot), ...payload, signature };
  };
  const send = (...args: Parameters<typeof attestation>): Promise<ValidationResult> =>
    pool.receive(encodeAttestation(attestation(...args)));
  return { network, pool, equivocations, journal, logger, send, attestation, members: network.addresses };
}

describe("attestation pool", () => {
  it("takes one of each member, and knows when they are a quorum", async () => {
    const { pool, send, members } = await setUp();
    for (const [index, member] of members.entries()) {
      expect(pool.attestedHeader(Slot(10))).to.equal(index >= quorum(4) ? good.headerHash : undefined);
      expect(await send(member, 10, good)).to.deep.equal({ result: "accept" });
    }
    expect([...pool.attestationsOf(Slot(10), good).keys()]).to.deep.equal(members);
    expect(pool.attestationsOf(Slot(10), other).size).to.equal(0);
    expect(pool.attestationsOf(Slot(11), good).size).to.equal(0);
    expect(pool.attestedHeader(Slot(9))).to.equal(undefined);
  });

  it("tells the journal of each vote once, and of nothing that it does not count", async () => {
    const { journal, send, members } = await setUp();
    const [first, second] = members as [EthAddress, EthAddress];
    await send(first, 10, good);
    await send(first, 10, good);
    await send(second, 10, other);
    await send(fakeAddresses(5)[4] as EthAddress, 10, good);
    await send(second, 4, good);
    expect(journal.of("attestation").map(({ slot, signer }) => [slot, signer])).to.deep.equal([
      [10, first],
      [10, second],
    ]);
  });

  it("votes for different blocks are not a quorum", async () => {
    const { pool, send, members } = await setUp();
    for (const [index, member] of members.entries())
      await send(member, 10, index < 2 ? good : { ...good, archive: other.archive });
    expect(pool.attestedHeader(Slot(10))).to.equal(undefined);
  });

  it("rejects what is not an attestation, and strangers'", async () => {
    const { pool, logger, send, attestation, members } = await setUp();
    const [member] = members as [EthAddress];
    const stranger = fakeAddresses(5)[4] as EthAddress;
    expect(await pool.receive(Uint8Array.of(1, 2, 3))).to.deep.equal({
      result: "reject",
      code: AttestationFault.MALFORMED,
    });
    const line = logger.lines("debug").find(({ message }) => message === "malformed attestation");
    expect(line?.fields.reason).to.be.a("string").and.not.equal("");
    expect(await send(stranger, 10, good)).to.deep.equal({ result: "reject", code: AttestationFault.NOT_IN_COMMITTEE });
    // A member's signature of something else is not a signature of this.
    expect(await pool.add({ ...attestation(member, 10, good), archive: other.archive })).to.deep.equal({
      result: "reject",
      code: AttestationFault.NOT_IN_COMMITTEE,
    });
    expect(await pool.add({ ...attestation(member, 10, good), signature: new Uint8Array(64) })).to.deep.equal({
      result: "reject",
      code: AttestationFault.NOT_IN_COMMITTEE,
    });
    const proposal = new FakeSigner(member).sign(
      payloadDigest((await setUp()).network.domain, "Proposal", { ...good, txsHash: hashTxList([]) }),
    );
    expect(await pool.add({ ...attestation(member, 10, good), signature: proposal })).to.deep.equal({
      result: "reject",
      code: AttestationFault.NOT_IN_COMMITTEE,
    });
    expect(pool.attestationsOf(Slot(10), good).size).to.equal(0);
  });

  it("ignores slots too far behind or ahead", async () => {
    const { send, members } = await setUp();
    const [member] = members as [EthAddress];
    const stale = { result: "ignore", code: AttestationFault.STALE_SLOT };
    const accept = { result: "accept" };
    expect([
      await send(member, 7, good),
      await send(member, 8, good),
      await send(member, 11, good),
      await send(member, 12, good),
    ]).to.deep.equal([stale, accept, accept, stale]);
  });

  it("keeps the votes of the last slot that is still taken", async () => {
    const { pool, send, members } = await setUp();
    const [one, two] = members as [EthAddress, EthAddress];
    await send(one, 8, good);
    await send(two, 10, good);
    expect(pool.attestationsOf(Slot(8), good).size).to.equal(1);
  });

  it("ignores a repetition, also one with another signature of the same", async () => {
    const { pool, send, members } = await setUp();
    const [member] = members as [EthAddress];
    await send(member, 10, good);
    expect(await send(member, 10, good)).to.deep.equal({ result: "ignore", code: AttestationFault.DUPLICATE });
    expect(pool.attestationsOf(Slot(10), good).size).to.equal(1);
  });

  it("SIGN-2: a keyless peer that repeats each attestation under the next slot displaces no vote", async () => {
    const { network, pool, attestation, members } = await setUp();
    for (const [slot, payload, stolen] of [
      [10, good, other],
      [11, other, third],
    ] as const) {
      await network.setSlot(slot);
      for (const member of members) {
        const vote = attestation(member, slot, payload);
        expect(await pool.add(vote)).to.deep.equal({ result: "accept" });
        const replayed = await pool.receive(encodeAttestation({ ...vote, slot: Slot(slot + 1) }));
        expect(replayed).to.deep.equal({ result: "reject", code: AttestationFault.NOT_IN_COMMITTEE });
        expect(pool.attestationsOf(Slot(slot + 1), stolen).size).to.equal(0);
      }
      expect(pool.attestedHeader(Slot(slot))).to.equal(payload.headerHash);
      expect([...pool.attestationsOf(Slot(slot), payload).keys()]).to.deep.equal(members);
    }
  });

  it("SIGN-2, LIMIT-11: a member's two blocks count, each by its payload, as evidence; a third does not", async () => {
    const { pool, equivocations, send, attestation, members } = await setUp();
    const [faulty, ...honest] = members as [EthAddress, ...EthAddress[]];
    for (const payload of [other, good]) expect(await send(faulty, 10, payload)).to.deep.equal({ result: "accept" });
    expect(await send(faulty, 10, third)).to.deep.equal({ result: "ignore", code: AttestationFault.THIRD_IN_SLOT });
    expect(await send(faulty, 10, good)).to.deep.equal({ result: "ignore", code: AttestationFault.DUPLICATE });
    expect(pool.attestationsOf(Slot(10), third).size).to.equal(0);
    for (const member of honest.slice(1)) await send(member, 10, good);
    expect(pool.attestedHeader(Slot(10))).to.equal(good.headerHash);
    expect(equivocations.all()).to.deep.equal([
      {
        type: "Attestation",
        slot: 10,
        signer: faulty,
        signed: [attestation(faulty, 10, other), attestation(faulty, 10, good)],
      },
    ]);
  });

  it("forgets slots that are over: memory is bounded by committee and slots, whatever is sent", async () => {
    const message = fc.record({
      by: fc.nat(5),
      offset: fc.integer({ min: -4, max: 3 }),
      payload: fc.constantFrom(...payloads),
      later: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 80 }), async messages => {
        const { network, pool, send } = await setUp();
        const senders = fakeAddresses(6);
        let current = 10;
        for (const { by, offset, payload, later } of messages) {
          current += later;
          await network.setSlot(current);
          const verdict = await send(senders[by] as EthAddress, current + offset, payload);
          if (verdict.result !== "accept") continue;
          const kept = Array.from({ length: 200 }, (_, each) =>
            payloads.reduce((sum, one) => sum + pool.attestationsOf(Slot(each), one).size, 0),
          );
          expect(
            kept.every(
              (votes, each) => votes <= 2 * 4 && (votes === 0 || (each >= current - 2 && each <= current + 1)),
            ),
          ).to.equal(true);
        }
      }),
      { numRuns: 20 },
    );
  });
});
