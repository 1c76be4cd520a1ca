import { expect } from "chai";
import { toBeHex } from "ethers";
import { network, type Network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

/** What still holds right at a rule's bound, and what must not be told or paid there. */
describe("boundaries", () => {
  let net: Network;
  const fixture = () => network();
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
  });

  describe("PEND-7", () => {
    /** Forges the tips, which the constructor's capacity check rules out, and sends the next block. */
    async function proposeOn(pending: bigint, proven: bigint) {
      await net.chain.enter(1);
      await networkHelpers.mine();
      await networkHelpers.setStorageAt(
        net.addresses.Rollup!,
        await tipsSlot(),
        toBeHex(pending + (proven << 32n), 32),
      );
      const block = await net.chain.build(1, { number: Number(pending) + 1 });
      return net.chain.send(block, await net.chain.sign(block));
    }
    /** The storage slot that packs the tips: the first one whose value changes with a block. */
    async function tipsSlot(): Promise<number> {
      const snapshot = await networkHelpers.takeSnapshot();
      const read = () =>
        Promise.all(Array.from({ length: 12 }, (_, index) => ethers.provider.getStorage(net.addresses.Rollup!, index)));
      const before = await read();
      await net.chain.propose(2);
      const after = await read();
      await snapshot.restore();
      return before.findIndex((value, index) => value !== after[index]);
    }

    it("the buffer takes one block less than its capacity", async () => {
      await proposeOn(12n, 0n);
      expect(await net.rollup.pendingBlockNumber()).to.equal(13n);
    });
    it("what is proven takes no room", async () => {
      await proposeOn(12n, 2n);
      expect(await net.rollup.pendingBlockNumber()).to.equal(13n);
    });
  });

  it("PEND-9: a block that was pruned is not included, nor is genesis", async () => {
    const { block } = await net.chain.propose(1);
    expect(await net.rollup.isIncluded(block.encoded, block.archive)).to.equal(true);
    await net.chain.enter(13);
    await net.rollup.prune();
    expect(await net.rollup.isIncluded(block.encoded, block.archive)).to.equal(false);
    const { genesisHeader, genesisArchive } = net.deployment.parameters;
    expect(await net.rollup.isIncluded(genesisHeader as string, genesisArchive as string)).to.equal(false);
  });

  it("PROV-2, COM-4: an epoch without a committee has no coordinator: anyone proves it before D1", async () => {
    net = await network(0, { openBootstrap: true, provingRight: 0 });
    await net.chain.enter(1);
    await networkHelpers.mine();
    const block = await net.chain.build(1);
    await net.chain.send(block, "0x0000");
    net.chain.blocks[1] = block;
    await net.prove(1, 4);
    expect(await net.rollup.provenBlockNumber()).to.equal(1n);
  });

  it("PROV-3: blocks that burnt nothing release nothing", async () => {
    await net.chain.propose(1);
    await expect(await net.prove(1, 4)).not.to.emit(net.portal, "BaseFeesReleased");
  });

  it("MSG-3, INV-5: the last wei can leave FeePortal", async () => {
    await net.fund(30n);
    await net.chain.propose(1, { totalBaseFees: 30n });
    await net.prove(1, 4);
    expect(await net.portal.locked()).to.equal(0n);
  });

  it("MSG-2: a block that takes a pruned one's number, both without messages, does not touch the outbox", async () => {
    await net.chain.propose(1);
    await net.chain.enter(13);
    await net.rollup.prune();
    const { response } = await net.chain.propose(14);
    await expect(response).not.to.emit(net.outbox, "RootSet");
  });

  it("a claim that the Rollup can pay, to the wei, pulls nothing", async () => {
    net.chain.coinbase = net.bob.address;
    await net.chain.propose(1);
    await net.token.mint(net.addresses.Rewards!, 5n);
    await net.govern(net.rewards, "allocateRewards", net.addresses.Rollup, 5n);
    await net.token.mint(net.addresses.Rollup!, 100n);
    await expect(net.rollup.claim(net.bob.address)).not.to.emit(net.rewards, "RewardsPulled");
    await net.chain.propose(2);
    await net.token.mint(net.addresses.Rollup!, 99n);
    await expect(net.rollup.claim(net.bob.address)).to.emit(net.rewards, "RewardsPulled");
  });

  it("a reward of nothing is not credited", async () => {
    net = await network(4, { pendingReward: 0n });
    const { response } = await net.chain.propose(1);
    await expect(response).not.to.emit(net.rollup, "RewardCredited");
  });

  it("SET-2: a stake of nothing, where nothing is asked for, is a stake of nothing", async () => {
    net = await network(1, { minimumStake: 0n });
    const key = ethers.zeroPadValue(net.alice.address, 32);
    await net.validatorRegistry.connect(net.alice).stake(key);
    expect((await net.validatorRegistry.getValidator(key)).stake).to.equal(0n);
  });

  it("every change of what Teocalli governs is told", async () => {
    const root = toBeHex(5, 32);
    await expect(net.govern(net.rollup, "setKeyTreeRoot", root))
      .to.emit(net.rollup, "KeyTreeRootSet")
      .withArgs(root);
    await net.token.mint(net.addresses.Rewards!, 5n);
    await expect(net.govern(net.rewards, "allocateRewards", net.bob.address, 5n))
      .to.emit(net.rewards, "RewardsAllocated")
      .withArgs(net.bob.address, 5n);
    const factory = await ethers.getContractFactory("Teocalli");
    const own = await factory.deploy([net.bob.address], 1);
    await expect(own.deploymentTransaction()).to.emit(own, "ThresholdSet").withArgs(1n);
    await expect(own.deploymentTransaction()).to.emit(own, "SignerAdded").withArgs(net.bob.address);
    await expect(net.govern(net.teocalli, "setThreshold", 1))
      .to.emit(net.teocalli, "ThresholdSet")
      .withArgs(1n);
  });

  it("who becomes the Rollup of its peers is told, and what is minted, and what leaves as a stake", async () => {
    const outbox = await ethers.deployContract("Outbox");
    await expect(outbox.initialize(net.addresses.Rollup!, net.addresses.FeePortal!))
      .to.emit(outbox, "Initialized")
      .withArgs(net.addresses.Rollup);
    await expect(net.token.mint(net.bob.address, 5n)).to.emit(net.token, "Minted").withArgs(net.bob.address, 5n);
    const key = ethers.zeroPadValue(net.alice.address, 32);
    const registry = net.validatorRegistry;
    await registry.connect(net.alice).stake(key, { value: 12n });
    await registry.connect(net.alice).exitStake(key);
    await net.chain.enter(6 * 4);
    await expect(registry.withdrawStake(key)).to.emit(registry, "StakeWithdrawn").withArgs(key, net.alice.address, 12n);
  });

  it("SEED-1: the randao of a deployment is told", async () => {
    const creation = await ethers.provider.getTransactionReceipt(net.deployment.creations.Rollup!);
    const told = creation!.logs
      .map(log => net.rollup.interface.parseLog(log))
      .find(log => log?.name === "RandaoCheckpointed");
    expect(told?.args.toArray()).to.deep.equal([0n, await net.rollup.getRandaoAt(0)]);
  });
});
