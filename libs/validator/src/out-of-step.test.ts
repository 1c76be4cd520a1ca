import { CodedError, type Field } from "@sprtn/primitives";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { FakeChain } from "@sprtn/testing";
import { expect } from "chai";
import { ProposalFault } from "./index.js";
import { type NodeOptions, ProposalNetwork } from "./test/proposal-network.js";

/** Block 2 is what is proposed; the fixture's blocks are two slots apart. */
async function setUp() {
  const fixture = new ChainFixture();
  const [first, built] = [fixture.mine([]), fixture.mine([])];
  const network = new ProposalNetwork(fixture, { proposalLateness: 1 });
  await network.setSlot(built.block.header.slot);
  return { network, first, built };
}

/** A node that has block 1, unless it is given a chain. */
async function follower({ network, first }: Awaited<ReturnType<typeof setUp>>, options: NodeOptions = {}) {
  const node = await network.start(options);
  if (options.chain === undefined) await node.chain.append(first.block);
  return node;
}

describe("a validator that is not in sync with L1", () => {
  it("a node that is not in sync with L1 misses no parent: it judges nothing, and warns of nothing", async () => {
    for (const away of ["all the time", "when the slot ends", "when it comes"]) {
      const made = await setUp();
      const node = await follower(made, { chain: new FakeChain(made.network.fixture) });
      const { slot } = made.built.block.header;
      node.chain.isSynced = away === "when the slot ends";
      await made.network.gossip(made.built);
      node.chain.isSynced = away === "when it comes";
      await made.network.setSlot(slot + 2);
      expect(node.logger.lines("warn"), away).to.deep.equal([]);
      expect(node.logger.lines("info").map(({ fields }) => fields["code"])).to.deep.equal([ProposalFault.NOT_IN_STEP]);
      expect(node.key.signed).to.deep.equal([]);

      // What builds on it is not judged either: this node has not executed it.
      node.chain.isSynced = true;
      await node.chain.append(made.first.block);
      const next = made.network.fixture.mine([]);
      await made.network.setSlot(next.block.header.slot);
      await made.network.gossip(next);
      await made.network.setSlot(next.block.header.slot + 2);
      expect(node.logger.lines("warn"), away).to.deep.equal([]);
    }
  });

  it("L1 has gone on without it: there is nothing to attest, and nothing wrong", async () => {
    const made = await setUp();
    const node = await follower(made, { chain: new FakeChain(made.network.fixture) });
    await made.network.gossip(made.built);
    await node.chain.append(made.first.block, made.built.block);
    await made.network.setSlot(made.built.block.header.slot + 2);
    expect(node.logger.lines("warn")).to.deep.equal([]);
  });

  it("while L1 is read again, nothing is judged on a block that was executed here", async () => {
    const made = await setUp();
    const node = await follower(made);
    await made.network.gossip(made.built);
    expect(node.key.signed).to.have.length(1);
    const next = made.network.fixture.mine([]);
    await made.network.setSlot(next.block.header.slot);
    node.chain.isSynced = false;
    await made.network.gossip(next);
    await made.network.setSlot(next.block.header.slot + 2);
    expect(node.key.signed).to.have.length(1);
    expect(node.logger.lines("warn")).to.deep.equal([]);
  });

  it("what is found while L1 is lost says nothing of the proposal", async () => {
    const made = await setUp();
    const node = await follower(made);
    node.txs.fetch = async () => {
      node.chain.isSynced = false;
      return new Map();
    };
    await made.network.gossip(made.built, { archive: 1n as Field });
    expect(node.logger.lines("warn")).to.deep.equal([]);
    expect(node.logger.lines("info").map(({ fields }) => fields["code"])).to.deep.equal([ProposalFault.NOT_IN_STEP]);
  });

  it("nothing is said against a proposal whose committee L1 does not tell", async () => {
    const made = await setUp();
    const node = await follower(made);
    const bytes = await made.network.proposal(made.built);
    let asked = 0;
    const { committeeOfSlot } = made.network.committees;
    made.network.committees.committeeOfSlot = slot => {
      // The judge still knows it; considering the proposal asks again.
      if (asked++ === 0) return committeeOfSlot.call(made.network.committees, slot);
      throw new CodedError("FAKE_L1_DOWN", "no L1 endpoint works", { endpoints: ["http://l1"] });
    };
    await made.network.outsider.publish("block_proposal", bytes);
    await made.network.settle();
    expect(node.logger.lines("warn")).to.deep.equal([]);
    expect(node.logger.lines("info").map(({ fields }) => fields["code"])).to.deep.equal(["FAKE_L1_DOWN"]);
  });
});
