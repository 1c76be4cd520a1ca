import { Epoch, EthAddress } from "@sprtn/primitives";
import { expect } from "chai";
import { SimulatedNode } from "./test/simulated-node.js";

const other = EthAddress(`0x${"0b".repeat(20)}`);

describe("the committees that a node keeps", () => {
  let simulated: SimulatedNode;
  let asked: Epoch[];

  beforeEach(async () => {
    simulated = await new SimulatedNode().start();
    await simulated.run(20);
    asked = [];
    const { validatorsAt } = simulated.committeeSource;
    simulated.committeeSource.validatorsAt = async epoch => {
      asked.push(epoch);
      return validatorsAt(epoch);
    };
  });
  afterEach(() => simulated.stop());

  it("for queries are no part of those for its duties: what is asked for displaces nothing", async () => {
    const { chain, nodeService } = simulated.node.parts;
    await chain.committees.committeeAt(Epoch(0));
    const own = asked.length;
    await nodeService.getCommittee(Epoch(0));
    expect(asked.slice(own)).to.deep.equal([0]);
    await nodeService.getCommittee(Epoch(0));
    await chain.committees.committeeAt(Epoch(0));
    expect(asked.slice(own)).to.deep.equal([0]);
  });

  it("are forgotten with every L1 reorg, also one that takes back no block of L2", async () => {
    const { chain, nodeService } = simulated.node.parts;
    const known = async () => [await chain.committees.committeeAt(Epoch(0)), await nodeService.getCommittee(Epoch(0))];
    const { address, l1 } = simulated;
    expect(await known()).to.deep.equal([[address], [address]]);
    simulated.committeeSource.validatorsAt = async () => [other];
    l1.mine();
    l1.mine();
    await chain.archiver.poll();
    expect(await known()).to.deep.equal([[address], [address]]);
    const { pending } = chain.archiver.tips();
    l1.drop(1);
    l1.mine();
    await chain.archiver.poll();
    expect(chain.archiver.tips().pending).to.deep.equal(pending);
    expect(await known()).to.deep.equal([[other], [other]]);
  });
});
