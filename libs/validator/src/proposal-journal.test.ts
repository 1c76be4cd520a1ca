import { expect } from "chai";
import { follower, setUp } from "./test/proposed-block.js";

describe("the journal of a validator", () => {
  it("has each proposal that may be right, once, and no other", async () => {
    const made = await setUp();
    const { network, built } = made;
    const node = await follower(made);
    const { slot, number } = built.block.header;
    const proposer = await network.committees.proposerAt(slot);
    await network.gossip(built, { by: network.addresses.find(address => address !== proposer)! });
    expect(node.journal.of("proposal")).to.deep.equal([]);
    await network.gossip(built);
    await network.gossip(built);
    expect(node.journal.of("proposal").map(({ atMs: _atMs, ...proposal }) => proposal)).to.deep.equal([
      { type: "proposal", slot, block: number, txs: built.txs.length },
    ]);
    expect(node.journal.of("proposal")[0]?.atMs).to.be.at.most(network.clock.nowMs());
  });
});
