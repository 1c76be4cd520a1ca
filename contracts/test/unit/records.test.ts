import { expect } from "chai";
import { toBeHex, ZeroAddress } from "ethers";
import { network, type Network } from "../support/fixture.ts";
import { networkHelpers } from "../support/network.ts";

const modulus = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

/** What the Rollup has on record, and what it tells of a chain without pending blocks. */
describe("records", () => {
  let net: Network;
  const fixture = () => network();
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
  });
  const coinbaseOf = async (number: number) => (await net.rollup.getRecord(number)).coinbase;

  it("genesis has no coinbase and has burnt nothing", async () => {
    const { number, slot, coinbase, cumulativeBurnt } = await net.rollup.getRecord(0);
    expect([number, slot, coinbase, cumulativeBurnt]).to.deep.equal([0n, 0n, ZeroAddress, 0n]);
  });

  it("a block that is settled has no coinbase any more: nobody earns by settling it again", async () => {
    await net.chain.propose(1);
    await net.prove(1, 4);
    expect(await coinbaseOf(1)).to.equal(net.chain.coinbase);
    await net.rollup.settle([1]);
    expect(await coinbaseOf(1)).to.equal(ZeroAddress);
    await expect(net.rollup.settle([1])).not.to.emit(net.rollup, "RewardCredited");
  });

  it("COM-4: a block without a committee has no coinbase, so that nobody earns by it", async () => {
    net = await network(0, { openBootstrap: true });
    await net.chain.enter(1);
    await networkHelpers.mine();
    const sent = await net.chain.send(await net.chain.build(1), "0x0000");
    await expect(sent).not.to.emit(net.rollup, "RewardCredited");
    expect(await coinbaseOf(1)).to.equal(ZeroAddress);
  });

  it("PEND-9: a block is included behind its parent, whatever its number", async () => {
    await net.chain.propose(1);
    const { block } = await net.chain.propose(2);
    expect(await net.rollup.isIncluded(block.encoded, block.archive)).to.equal(true);
    expect(await net.rollup.isIncluded(block.encoded, net.chain.blocks[1]!.archive)).to.equal(false);
  });

  it("PROV-4: a proposal long after D2 prunes nothing where nothing is pending", async () => {
    const { response } = await net.chain.propose(40);
    await expect(response).not.to.emit(net.rollup, "PrunedPendingChain");
  });

  it("PROV-4: after a prune the tip's slot is that of the proven tip", async () => {
    await net.chain.propose(3);
    await net.prove(1, 4);
    await net.chain.propose(5);
    await net.chain.enter(17);
    await net.rollup.prune();
    const { pending, proven, slot } = await net.rollup.getTips();
    expect([pending, proven, slot]).to.deep.equal([1n, 1n, 3n]);
  });

  it("the key tree root is a field: the last one is taken, the modulus is not", async () => {
    await net.govern(net.rollup, "setKeyTreeRoot", toBeHex(modulus - 1n, 32));
    expect(await net.rollup.keyTreeRoot()).to.equal(toBeHex(modulus - 1n, 32));
    await expect(net.govern(net.rollup, "setKeyTreeRoot", toBeHex(modulus, 32)))
      .to.be.revertedWithCustomError(net.rollup, "Init_InvalidParameter")
      .withArgs("keyTreeRoot");
  });
});
