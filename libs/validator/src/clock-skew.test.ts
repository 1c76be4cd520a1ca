import { CodedError } from "@sprtn/primitives";
import { encodeAttestation, payloadDigest, payloadOf } from "@sprtn/protocol";
import { FakeSigner } from "@sprtn/testing";
import { expect } from "chai";
import { AttestationFault, ProposalFault } from "./index.js";
import { ProposalNetwork } from "./test/proposal-network.js";

/** An honest proposal and attestation of slot 3, heard by a node whose clock is `ahead` seconds ahead of theirs. */
async function heard(ahead: number) {
  const network = new ProposalNetwork();
  await network.setSlot(3);
  const built = network.fixture.mine([]);
  const { slot } = built.block.header;
  await network.setSlot(slot);
  const node = await network.start({ follower: true });
  if (ahead < 0) network.clock.jump(1000 * ahead);
  else await network.clock.advance(1000 * ahead);
  return { network, built, node, slot };
}

describe("a wrong clock of one's own", () => {
  for (const ahead of [2, 5, 12, 60, -2, -5, -12, -60]) {
    it(`${ahead} s ahead: honest messages are ignored at worst, and nobody is blamed`, async () => {
      const { network, built, node, slot } = await heard(ahead);
      await network.gossip(built);
      const by = new FakeSigner(network.addresses[1]!);
      const payload = payloadOf(built.block);
      const signature = by.sign(payloadDigest(network.domain, "Attestation", { ...payload, slot }));
      await network.outsider.publish(
        "block_attestation",
        encodeAttestation({ slot, headerHash: payload.headerHash, archive: payload.archive, signature }),
      );
      await network.settle();
      const harmless = [ProposalFault.STALE_SLOT, AttestationFault.STALE_SLOT, "CONSENSUS_BEFORE_GENESIS"];
      expect(harmless).to.include.members([...node.member.refusals.keys()]);
      expect(node.member.scoreOf("outsider")).to.equal(0);
    });
  }

  it("a committee that is not fixed yet is not a fault of the message", async () => {
    const { network, built, node } = await heard(0);
    const proposal = await network.proposal(built);
    network.committees.committeeAt = async () => {
      throw new CodedError("CONSENSUS_EPOCH_NOT_FIXED", "not yet");
    };
    await network.outsider.publish("block_proposal", proposal);
    await network.settle();
    expect([...node.member.refusals.keys()]).to.deep.equal(["CONSENSUS_EPOCH_NOT_FIXED"]);
    expect(node.member.scoreOf("outsider")).to.equal(0);
  });
});
