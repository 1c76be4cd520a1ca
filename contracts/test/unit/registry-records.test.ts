import { expect } from "chai";
import { toBeHex } from "ethers";
import { pubkeyOf } from "../support/attest.ts";
import { network, owner, type Network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

// Epochs of 4 slots of 10 s; a change in epoch e counts from e + 3.
describe("what ValidatorRegistry and Rewards have on record", () => {
  let net: Network;
  let key: string;
  const fixture = () => network(3);
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
    key = pubkeyOf(net.alice.address);
  });
  const stake = () => net.validatorRegistry.connect(net.alice).stake(key, { value: 10n });
  const indexOf = async (pubkey: string) => (await net.validatorRegistry.getValidator(pubkey)).index;

  it("SET-1: the greatest address is one", async () => {
    const greatest = toBeHex((1n << 160n) - 1n, 32);
    const registry = await ethers.deployContract("ValidatorRegistry", [owner.address, 0, 5, [greatest]]);
    expect([...(await registry.getValidatorsAt(0))]).to.deep.equal([ethers.getAddress(`0x${"ff".repeat(20)}`)]);
  });

  it("SET-2: each initial validator is told, from epoch 0", async () => {
    const keys = [1, 2].map(index => toBeHex(index, 32));
    const registry = await ethers.deployContract("ValidatorRegistry", [owner.address, 0, 5, keys]);
    const creation = registry.deploymentTransaction();
    for (const pubkey of keys) await expect(creation).to.emit(registry, "ValidatorAdded").withArgs(pubkey, 0n);
  });

  it("SET-2: a stake of one wei is a stake", async () => {
    net = await network(1, { minimumStake: 1n });
    await net.validatorRegistry.connect(net.alice).stake(key, { value: 1n });
    expect((await net.validatorRegistry.getValidator(key)).stake).to.equal(1n);
  });

  it("SET-3: who is added comes behind the others, and has no place after the exit", async () => {
    await stake();
    await net.govern(net.validatorRegistry, "addValidator", key);
    expect(await indexOf(key)).to.equal(3n);
    await net.validatorRegistry.connect(net.alice).exitStake(key);
    expect(await indexOf(key)).to.equal(0n);
  });

  it("SET-3: who exits before it was added leaves the set as it is", async () => {
    const before = [...(await net.validatorRegistry.getValidatorsAt(100))];
    await stake();
    await net.validatorRegistry.connect(net.alice).exitStake(key);
    expect([...(await net.validatorRegistry.getValidatorsAt(100))]).to.deep.equal(before);
  });

  it("INV-8: an allocation is pulled once", async () => {
    await net.token.mint(net.addresses.Rewards!, 20n);
    await net.govern(net.rewards, "allocateRewards", net.bob.address, 6n);
    await net.govern(net.rewards, "allocateRewards", net.alice.address, 7n);
    await net.rewards.connect(net.bob).pullRewards();
    expect(await net.rewards.allocationOf(net.bob.address)).to.equal(0n);
    await expect(net.rewards.connect(net.bob).pullRewards()).to.be.revertedWithCustomError(
      net.rewards,
      "Rewards_NothingAllocated",
    );
    expect(await net.rewards.totalAllocated()).to.equal(7n);
  });
});
