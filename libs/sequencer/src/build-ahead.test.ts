import { Slot } from "@sprtn/primitives";
import { CallKind, unpackSignatures } from "@sprtn/protocol";
import { expect } from "chai";
import { SequencerErrorCode } from "./index.js";
import { blockOf, outcome, SlotNetwork, type SlotNode, warnings } from "./test/slot-network.js";

/** Four members whose L1 has not included the first block when the second one's slot begins. */
async function aheadOfL1(parameters = { proposalLateness: 1 }) {
  const network = new SlotNetwork({ members: 4, parameters });
  const nodes = [await network.start(), await network.start(), await network.start(), await network.start()];
  const proposerOf = async (slot: number) => nodes.find(node => node.address === proposers[slot - 1]) as SlotNode;
  const proposers = [await network.committees.proposerAt(Slot(1)), await network.committees.proposerAt(Slot(2))];
  const [first, second] = [await proposerOf(1), await proposerOf(2)];
  const tx = network.deposit();
  for (const node of nodes) await node.txs.add(tx);
  first.publisher.stuck = true;
  return { network, nodes, first, second };
}

describe("PEND-9: building ahead of L1", () => {
  it("submits the parent first, in the same transaction", async () => {
    const { network, nodes, first, second } = await aheadOfL1();
    const extra = network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 });
    await network.to(2, -1);
    for (const node of nodes) await node.txs.add(extra);
    await network.to(3, -1);
    const [submissions = []] = second.publisher.proposals();
    expect(submissions.map(each => blockOf(each).header.slot)).to.deep.equal([1, 2]);
    expect(submissions[0]!.archive).to.equal(first.publisher.proposals()[0]![0]!.archive);
    expect(unpackSignatures(submissions[0]!.signatures).filter(member => "signature" in member).length).to.equal(3);
    expect(blockOf(submissions[1]!).effects.map(effect => effect.txHash)).to.deep.equal([extra.hash]);
    expect(nodes.map(node => node.chain.tip.header.number)).to.deep.equal([2, 2, 2, 2]);
    await network.stop();
  });

  it("sends its own alone when L1 has included the parent meanwhile", async () => {
    const { network, nodes, first, second } = await aheadOfL1();
    await network.to(2, -1);
    const extra = network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 });
    for (const node of nodes) await node.txs.add(extra);
    // L1's news comes while the attestations are collected.
    const sign = second.signer.signProposal.bind(second.signer);
    second.signer.signProposal = async (slot, payload) => {
      await network.include(first.publisher.proposals()[0]!);
      return sign(slot, payload);
    };
    await network.to(3, -1);
    expect(second.publisher.proposals().map(blocks => blocks.map(each => blockOf(each).header.slot))).to.deep.equal([
      [2],
    ]);
    await network.stop();
  });

  it("builds no empty block for a message that the parent has taken", async () => {
    const { network, nodes, second } = await aheadOfL1();
    await network.to(2, -1);
    for (const node of nodes) node.txs.markMined(node.txs.pending(5).map(tx => tx.hash));
    expect(await second.chain.nextMessageBlock(), "as L1 sees it").to.equal(1);
    await network.to(3, -1);
    expect(second.publisher.proposals()).to.deep.equal([]);
    expect(outcome(second, "nothing-to-build")).to.equal(1);
    await network.stop();
  });

  it("SEQUENCER_PARENT_GONE when L1 has another block in its place", async () => {
    const { network, nodes, second } = await aheadOfL1();
    await network.to(2, -1);
    const extra = network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 });
    for (const node of nodes) await node.txs.add(extra);
    const other = network.fixture.mine([]);
    const sign = second.signer.signProposal.bind(second.signer);
    second.signer.signProposal = async (slot, payload) => {
      await second.chain.append(other.block);
      return sign(slot, payload);
    };
    await network.to(3, -1);
    expect(second.publisher.proposals()).to.deep.equal([]);
    expect(warnings(second)).to.include(SequencerErrorCode.PARENT_GONE);
    await network.stop();
  });

  it("without lateness every block waits for L1", async () => {
    const { network, second } = await aheadOfL1({ proposalLateness: 0 });
    await network.to(3, -1);
    expect(second.publisher.proposals().map(blocks => blocks.map(each => blockOf(each).header.number))).to.deep.equal([
      [1],
    ]);
    await network.stop();
  });
});
