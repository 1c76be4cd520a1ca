import { Slot } from "@sprtn/primitives";
import { decodeAttestation, encodeAttestation, unpackSignatures } from "@sprtn/protocol";
import { expect } from "chai";
import { SequencerErrorCode } from "./index.js";
import { blockOf, SlotNetwork, warnings } from "./test/slot-network.js";

describe("a committee of four over a hub", () => {
  it("three validators and the sequencer reach a quorum for the same block", async () => {
    const network = new SlotNetwork({ members: 4 });
    const nodes = [await network.start(), network.node(), network.node(), network.node()];
    for (const node of nodes.slice(1)) await node.validator.start(new AbortController().signal);
    const [sequencer] = nodes;
    const tx = network.deposit();
    for (const node of nodes) await node.txs.add(tx);
    const slot = await network.slotOf(sequencer!.address);
    await network.to(slot + 1, -1);
    const [[submission] = []] = sequencer!.publisher.proposals();
    const block = blockOf(submission!);
    expect(block.header).to.deep.include({ slot, txCount: 1 });
    expect(unpackSignatures(submission!.signatures).filter(member => "signature" in member).length).to.equal(3);
    expect(nodes.map(node => node.pool.attestedHeader(Slot(slot)))).to.deep.equal(
      Array.from({ length: 4 }, () => block.headerHash),
    );
    expect(nodes.slice(1).map(node => node.proposals.executed(Slot(slot))[0]?.built.block.archive)).to.deep.equal([
      block.archive,
      block.archive,
      block.archive,
    ]);
    await network.stop();
  });

  it("SIGN-2: a keyless peer that repeats every attestation under the next slot costs no slot", async () => {
    const network = new SlotNetwork({ members: 4 });
    const replayer = network.hub.join("replayer");
    replayer.subscribe("block_attestation", async ({ data }) => {
      const attestation = decodeAttestation(data);
      await replayer.publish(
        "block_attestation",
        encodeAttestation({ ...attestation, slot: Slot(attestation.slot + 1) }),
      );
      return { result: "accept" };
    });
    for (let n = 0; n < 4; n++) await network.start({ minTxPerBlock: 0 });
    const slots = [1, 2, 3, 4, 5, 6, 7, 8];
    for (const slot of slots) await network.to(slot + 1, -1);
    const published = network.nodes.flatMap(node => node.publisher.proposals().flat().map(blockOf));
    expect(published.map(({ header }) => header.slot).toSorted((a, b) => a - b)).to.deep.equal(slots);
    await network.stop();
  });

  it("SEQUENCER_NO_QUORUM: with two of four nothing is published", async () => {
    const network = new SlotNetwork({ members: 4 });
    const nodes = [await network.start(), network.node(), network.node(), network.node()];
    await nodes[1]!.validator.start(new AbortController().signal);
    const tx = network.deposit();
    for (const node of nodes) await node.txs.add(tx);
    await network.to((await network.slotOf(nodes[0]!.address)) + 1, -1);
    expect(nodes[0]!.publisher.proposals()).to.deep.equal([]);
    expect(warnings(nodes[0]!)).to.deep.equal([SequencerErrorCode.NO_QUORUM]);
    expect(nodes[0]!.logger.lines("warn")[0]?.fields["reason"]).to.contain("2 of 3");
    await network.stop();
  });

  it("fault invalid-proposals: the header gossiped is corrupt, nobody attests it, nothing is published", async () => {
    const network = new SlotNetwork({ members: 4 });
    const nodes = [await network.start({ invalidProposals: true }), network.node(), network.node(), network.node()];
    for (const node of nodes.slice(1)) await node.validator.start(new AbortController().signal);
    const tx = network.deposit();
    for (const node of nodes) await node.txs.add(tx);
    const slot = await network.slotOf(nodes[0]!.address);
    await network.to(slot + 1, -1);
    for (const node of nodes.slice(1)) {
      expect(warnings(node)).to.deep.equal(["PROPOSAL_WRONG_HEADER"]);
      expect(node.logger.lines("warn")[0]?.fields["reason"]).to.equal("the header differs in stateHash");
      expect(node.key.signed).to.deep.equal([]);
    }
    expect(warnings(nodes[0]!)).to.deep.equal([SequencerErrorCode.NO_QUORUM]);
    expect(nodes[0]!.publisher.proposals()).to.deep.equal([]);
    expect(nodes[0]!.proposals.executed(Slot(slot))).to.deep.equal([]);
    await network.stop();
  });
});
