import { expect } from "chai";
import { network, type Network } from "../support/fixture.ts";
import { networkHelpers } from "../support/network.ts";

// pendingReward 100, provenReward 50 of which 30 % (15) go to the prover and 35 to the coinbase.
describe("rewards", () => {
  let net: Network;
  const fixture = () => network();
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
  });
  const credit = () => net.rollup.creditOf(net.chain.coinbase);
  async function allocate(amount: bigint) {
    await net.token.mint(net.addresses.Rewards!, amount);
    await net.govern(net.rewards, "allocateRewards", net.addresses.Rollup, amount);
  }

  it("settles a proven block once, and zeroes its coinbase", async () => {
    await net.chain.propose(1);
    await net.prove(1, 4);
    expect(await credit()).to.equal(100n);
    await expect(net.rollup.settle([1]))
      .to.emit(net.rollup, "RewardCredited")
      .withArgs(net.chain.coinbase, 35n);
    await net.rollup.settle([1, 1, 0]);
    expect(await credit()).to.equal(135n);
  });
  it("does not settle what is not proven or no longer here", async () => {
    await net.chain.propose(1);
    await expect(net.rollup.settle([1])).to.be.revertedWithCustomError(net.rollup, "Settle_NotProven");
    await net.prove(1, 4);
    for (let number = 2, slot = 5; number <= 15; number++, slot += 4) {
      await net.chain.propose(slot);
      await net.prove(number, slot + 4 - (slot % 4));
    }
    await expect(net.rollup.settle([1])).to.be.revertedWithCustomError(net.rollup, "Settle_NotInBuffer");
  });
  it("settles when the record is overwritten, unless it was settled before", async () => {
    for (let number = 1, slot = 1; number <= 14; number++, slot += 4) {
      await net.chain.propose(slot);
      await net.prove(number, slot + 4 - (slot % 4));
    }
    expect(await credit()).to.equal(1400n);
    await net.rollup.settle([2]);
    await net.chain.propose(57);
    await net.chain.propose(58);
    expect(await credit()).to.equal(1400n + 200n + 35n + 35n);
  });
  it("a pruned leftover pays nothing when its number comes again", async () => {
    await net.chain.propose(1);
    await net.chain.enter(13);
    await net.rollup.prune();
    await net.chain.propose(14);
    expect(await credit()).to.equal(200n);
    await net.prove(1, 16);
    await net.rollup.settle([1]);
    expect(await credit()).to.equal(235n);
  });
  it("a block without coinbase earns nobody anything", async () => {
    net.chain.coinbase = `0x${"00".repeat(20)}`;
    const { response } = await net.chain.propose(1);
    await expect(response).not.to.emit(net.rollup, "RewardCredited");
  });

  it("a claim pulls the allocation and pays the account", async () => {
    net.chain.coinbase = net.bob.address;
    await net.chain.propose(1);
    await allocate(1000n);
    const sent = net.rollup.connect(net.alice).claim(net.bob.address);
    await expect(sent).to.emit(net.rewards, "RewardsPulled").withArgs(net.addresses.Rollup, 1000n);
    await expect(sent).to.emit(net.rollup, "RewardClaimed").withArgs(net.bob.address, 100n);
    expect(await net.token.balanceOf(net.bob.address)).to.equal(100n);
    await expect(net.rollup.claim(net.bob.address)).to.be.revertedWithCustomError(net.rollup, "Claim_Nothing");
    await net.chain.propose(2);
    await expect(net.rollup.claim(net.bob.address)).not.to.emit(net.rewards, "RewardsPulled");
  });
  it("a claim without funds fails and loses nothing", async () => {
    await net.chain.propose(1);
    await expect(net.rollup.claim(net.chain.coinbase))
      .to.be.revertedWithCustomError(net.rollup, "Claim_Unfunded")
      .withArgs(100n, 0n);
    await allocate(60n);
    await expect(net.rollup.claim(net.chain.coinbase))
      .to.be.revertedWithCustomError(net.rollup, "Claim_Unfunded")
      .withArgs(100n, 60n);
    await allocate(40n);
    await net.rollup.claim(net.chain.coinbase);
    expect(await net.token.balanceOf(net.chain.coinbase)).to.equal(100n);
  });

  it("INV-8: only Teocalli allocates, and only what is there", async () => {
    await expect(net.rewards.allocateRewards(net.bob.address, 1n)).to.be.revertedWithCustomError(
      net.rewards,
      "OwnableUnauthorizedAccount",
    );
    await net.token.mint(net.addresses.Rewards!, 10n);
    await net.govern(net.rewards, "allocateRewards", net.bob.address, 6n);
    await expect(net.govern(net.rewards, "allocateRewards", net.alice.address, 5n))
      .to.be.revertedWithCustomError(net.rewards, "Rewards_Unfunded")
      .withArgs(11n, 10n);
    await expect(net.rewards.connect(net.alice).pullRewards()).to.be.revertedWithCustomError(
      net.rewards,
      "Rewards_NothingAllocated",
    );
    await net.rewards.connect(net.bob).pullRewards();
    expect(await net.token.balanceOf(net.bob.address)).to.equal(6n);
    expect(await net.rewards.totalAllocated()).to.equal(0n);
  });
});
