import { CodedError, type Field } from "@sprtn/primitives";
import type { Tx } from "@sprtn/protocol";
import { FakeChain } from "@sprtn/testing";
import { expect } from "chai";
import { lastRefusal } from "./test/proposal-network.js";
import { follower, setUp } from "./test/proposed-block.js";

describe("considering a proposal", () => {
  it("stopping waits for what is under way, and nothing is attested after it", async () => {
    const made = await setUp();
    const node = await follower(made);
    const { promise: txs, resolve: deliver } = Promise.withResolvers<ReadonlyMap<Field, Tx>>();
    node.txs.fetch = () => txs;
    await made.network.gossip(made.built);
    let isStopped = false;
    const stopped = node.validator.stop().then(() => (isStopped = true));
    await made.network.settle();
    expect(isStopped).to.equal(false);
    deliver(new Map(made.txs.map(tx => [tx.hash, tx])));
    await stopped;
    expect(node.key.signed).to.deep.equal([]);
    expect(node.proposals.executed(made.built.block.header.slot)).to.deep.equal([]);
  });

  it("listens to the chain no longer than it waits for the parent", async () => {
    for (const parent of ["known", "never comes"]) {
      const made = await setUp();
      const chain = new FakeChain(made.network.fixture);
      if (parent === "known") await chain.append(made.first.block);
      const subscribe = chain.subscribe.bind(chain);
      let listening = 0;
      chain.subscribe = listener => {
        listening++;
        const unsubscribe = subscribe(listener);
        return () => {
          listening--;
          unsubscribe();
        };
      };
      await follower(made, { chain });
      await made.network.gossip(made.built);
      expect(listening, parent).to.equal(parent === "known" ? 0 : 1);
      await made.network.setSlot(made.built.block.header.slot + 1);
      expect(listening, parent).to.equal(0);
    }
  });

  it("trouble in reading the chain is told as what it is", async () => {
    const made = await setUp();
    const node = await follower(made);
    node.chain.block = async () => {
      throw new CodedError("FAKE_STORE_FAILED", "the store cannot be read");
    };
    await made.network.gossip(made.built);
    expect(lastRefusal(node)).to.deep.equal({ code: "FAKE_STORE_FAILED", reason: "the store cannot be read" });
  });
});
