import { expect } from "chai";
import { zeroPadValue } from "ethers";
import { pubkeyOf } from "../support/attest.ts";
import { network, type Network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

// Epochs of 4 slots of 10 s; a change in epoch e counts from e + 3; grace 5 epochs.
describe("validator registry", () => {
  let net: Network;
  let key: string;
  const fixture = () => network(3);
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
    key = pubkeyOf(net.alice.address);
  });
  const registry = () => net.validatorRegistry;
  const enterEpoch = async (epoch: number) => {
    await net.chain.enter(epoch * 4);
    await networkHelpers.mine();
  };
  const refused = async (error: string, attempt: Promise<unknown>) =>
    expect(attempt).to.be.revertedWithCustomError(registry(), error);
  const stake = (value = 10n) => registry().connect(net.alice).stake(key, { value });

  it("SET-1: a pubkey is a non-zero left-padded address", async () => {
    await refused("Set1_InvalidPubkey", registry().stake(ethers.ZeroHash, { value: 10n }));
    await refused("Set1_InvalidPubkey", registry().stake(`0x01${key.slice(4)}`, { value: 10n }));
  });

  it("SET-2: stake enters the pending queue", async () => {
    await expect(stake(12n)).to.emit(registry(), "ValidatorStaked").withArgs(key, net.alice.address, 12n);
    expect(await registry().getPendingValidators()).to.deep.equal([key]);
    expect((await registry().getValidator(key)).status).to.equal(1n);
    expect(await registry().getValidatorCountAt(100)).to.equal(3n);
  });
  it("SET-2: minimum stake", () => refused("Set2_StakeTooLow", stake(9n)));
  it("SET-2: the sender is the attester", () =>
    refused("Set2_NotTheAttester", registry().connect(net.bob).stake(key, { value: 10n })));
  it("SET-2: staking twice", async () => {
    await stake();
    await refused("Set2_WrongStatus", stake());
  });

  async function consent(pubkey: string, withdrawer: string, nonce = 0n) {
    const { chainId } = await ethers.provider.getNetwork();
    const domain = { name: "SPRTN", version: "1", chainId, verifyingContract: net.addresses.ValidatorRegistry! };
    const types = {
      StakeConsent: [
        { name: "pubkey", type: "bytes32" },
        { name: "withdrawer", type: "address" },
        { name: "nonce", type: "uint256" },
      ],
    };
    return net.alice.signTypedData(domain, types, { pubkey, withdrawer, nonce });
  }
  it("SET-2: stakeFor with the attester's consent naming the withdrawer", async () => {
    const signature = await consent(key, net.bob.address);
    await registry().connect(net.bob).stakeFor(key, net.bob.address, signature, { value: 10n });
    expect((await registry().getValidator(key)).withdrawer).to.equal(net.bob.address);
  });
  it("SET-2: no consent to another withdrawer, pubkey or stake", async () => {
    const signature = await consent(key, net.bob.address);
    const other = pubkeyOf(net.deployer.address);
    await refused("Set2_InvalidConsent", registry().stakeFor(key, net.deployer.address, signature, { value: 10n }));
    await refused("Set2_InvalidConsent", registry().stakeFor(other, net.bob.address, signature, { value: 10n }));
    await refused("Set2_InvalidConsent", registry().stakeFor(key, net.bob.address, "0x1234", { value: 10n }));
    await refused(
      "Set2_InvalidWithdrawer",
      registry().stakeFor(key, ethers.ZeroAddress, await consent(key, ethers.ZeroAddress), { value: 10n }),
    );
    await registry().stakeFor(key, net.bob.address, signature, { value: 10n });
    await registry().connect(net.bob).exitStake(key);
    await enterEpoch(6);
    await registry().withdrawStake(key);
    await refused("Set2_InvalidConsent", registry().stakeFor(key, net.bob.address, signature, { value: 10n }));
  });

  it("SET-2: only Teocalli adds, and only who staked", async () => {
    await refused("OwnableUnauthorizedAccount", registry().addValidator(key));
    await refused("Set2_WrongStatus", net.govern(registry(), "addValidator", key));
    await stake();
    await expect(net.govern(registry(), "addValidator", key))
      .to.emit(registry(), "ValidatorAdded")
      .withArgs(key, 3n);
    expect(await registry().getPendingValidators()).to.deep.equal([]);
    await refused("Set2_WrongStatus", net.govern(registry(), "addValidator", key));
  });
  it("SET-2: only the withdrawer exits", async () => {
    await stake();
    await refused("Set2_NotTheWithdrawer", registry().connect(net.bob).exitStake(key));
    await refused("Set2_WrongStatus", registry().connect(net.bob).exitStake(pubkeyOf(net.bob.address)));
    await registry().connect(net.alice).exitStake(key);
    expect(await registry().getPendingValidators()).to.deep.equal([]);
    await refused("Set2_WrongStatus", net.govern(registry(), "addValidator", key));
  });
  it("SET-2: only Teocalli removes, and only active ones", async () => {
    const member = pubkeyOf(net.validators[0]!.address);
    await refused("OwnableUnauthorizedAccount", registry().removeValidator(member));
    await stake();
    await refused("Set2_WrongStatus", net.govern(registry(), "removeValidator", key));
    await expect(net.govern(registry(), "removeValidator", member))
      .to.emit(registry(), "ValidatorExiting")
      .withArgs(member, 3n, 5n);
    await refused("Set2_WrongStatus", net.govern(registry(), "removeValidator", member));
  });
  it("SET-2: the stake is withdrawable after the grace", async () => {
    await stake(25n);
    await refused("Set2_WrongStatus", registry().withdrawStake(key));
    await enterEpoch(1);
    await registry().connect(net.alice).exitStake(key);
    await enterEpoch(5);
    await refused("Set2_StillInGrace", registry().withdrawStake(key));
    await enterEpoch(6);
    await expect(registry().connect(net.bob).withdrawStake(key)).to.changeEtherBalance(ethers, net.alice, 25n);
    expect((await registry().getValidator(key)).status).to.equal(0n);
    await refused("Set2_WrongStatus", registry().withdrawStake(key));
    await stake();
  });
  it("SET-2: a withdrawer that refuses Ether keeps its stake here", async () => {
    const refuser = net.addresses.Rewards!; // has no receive function
    await registry().stakeFor(key, refuser, await consent(key, refuser), { value: 10n });
    await networkHelpers.impersonateAccount(refuser);
    await networkHelpers.setBalance(refuser, 10n ** 18n);
    await registry()
      .connect(await ethers.getSigner(refuser))
      .exitStake(key);
    await enterEpoch(6);
    await refused("Set2_WithdrawalFailed", registry().withdrawStake(key));
  });
  it("SET-2: getCurrentSequencer is the proposer now", async () => {
    await net.chain.enter(2);
    await networkHelpers.mine();
    expect(await registry().getCurrentSequencer()).to.equal((await net.rollup.getCommitteeAt(0))[2]);
  });

  it("SET-3: a change counts from epoch e + 3, and history stays", async () => {
    const addresses = net.validators.map(wallet => wallet.address);
    await enterEpoch(1);
    await stake();
    await net.govern(registry(), "addValidator", key);
    await enterEpoch(2);
    await net.govern(registry(), "removeValidator", pubkeyOf(addresses[0]!));
    const at = async (epoch: number) => [...(await registry().getValidatorsAt(epoch))];
    for (const epoch of [0, 1, 2, 3]) expect(await at(epoch)).to.deep.equal(addresses);
    expect(await at(4)).to.deep.equal([...addresses, net.alice.address]);
    expect(await at(5)).to.deep.equal([net.alice.address, addresses[1], addresses[2]]);
    await enterEpoch(30);
    expect(await at(3)).to.deep.equal(addresses);
    await refused("Set3_UnknownIndex", registry().getValidatorsByIndexAt(5, [3]));
    expect([...(await registry().getValidatorsByIndexAt(4, [3, 0]))]).to.deep.equal([net.alice.address, addresses[0]]);
  });
  it("SET-3: several changes in one epoch", async () => {
    const keys = net.validators.map(wallet => pubkeyOf(wallet.address));
    await stake();
    await net.govern(registry(), "addValidator", key);
    await net.govern(registry(), "removeValidator", keys[1]);
    await net.govern(registry(), "removeValidator", key);
    await net.govern(registry(), "removeValidator", keys[0]);
    expect([...(await registry().getValidatorsAt(3))].map(address => zeroPadValue(address, 32))).to.deep.equal([
      keys[2],
    ]);
    expect(await registry().firstNonEmptyEpoch()).to.equal(0n);
  });

  describe("COM-4", () => {
    it("an empty set admits no block", async () => {
      net = await network(0);
      await net.chain.enter(1);
      await networkHelpers.mine();
      const block = await net.chain.build(1);
      await expect(net.chain.send(block, "0x0000")).to.be.revertedWithCustomError(net.rollup, "Com4_EmptySet");
      await expect(net.rollup.setupEpoch(0)).to.be.revertedWithCustomError(net.rollup, "Com4_EmptySet");
      expect(await registry().getCurrentSequencer()).to.equal(ethers.ZeroAddress);
    });
    it("openBootstrap admits blocks without rewards until the first non-empty set", async () => {
      net = await network(0, { openBootstrap: true });
      key = pubkeyOf(net.alice.address);
      await stake();
      const propose = async (slot: number) => {
        await net.chain.enter(slot);
        await networkHelpers.mine();
        const block = await net.chain.build(slot);
        net.chain.blocks[block.header.number] = block;
        return net.chain.send(block, "0x0000");
      };
      await propose(1);
      const block = net.chain.blocks[1]!;
      await net.chain.enter(4);
      await net.rollup.processProvenBlock(
        block.encoded,
        block.archive,
        await net.chain.proof(block, net.deployer.address),
      );
      expect(await net.rollup.creditOf(net.deployer.address)).to.equal(0n);
      expect(await net.rollup.creditOf(net.chain.coinbase)).to.equal(0n);
      await net.govern(registry(), "addValidator", key);
      expect(await registry().firstNonEmptyEpoch()).to.equal(4n);
      await expect(propose(15)).to.emit(net.rollup, "L2PendingBlockProcessed");
      await expect(propose(16)).to.be.revertedWithCustomError(net.rollup, "Pend4_WrongCommittee");
      await registry().connect(net.alice).exitStake(key);
      await net.chain.enter(7 * 4);
      await expect(net.rollup.setupEpoch(7)).to.be.revertedWithCustomError(net.rollup, "Com4_EmptySet");
    });
    it("an addition that the same epoch takes back does not end openBootstrap", async () => {
      net = await network(0, { openBootstrap: true });
      key = pubkeyOf(net.alice.address);
      await stake();
      await net.govern(registry(), "addValidator", key);
      await net.govern(registry(), "removeValidator", key);
      expect(await registry().firstNonEmptyEpoch()).to.equal(2n ** 32n - 1n);
      await net.chain.enter(20);
      await net.rollup.setupEpoch(5);
    });
    it("bytes after the empty committee are refused", async () => {
      net = await network(0, { openBootstrap: true });
      await net.chain.enter(1);
      await networkHelpers.mine();
      const block = await net.chain.build(1);
      await expect(net.chain.send(block, "0x000000")).to.be.revertedWithCustomError(net.rollup, "Pend4_WrongLength");
      await expect(net.chain.send(block, "0x0001")).to.be.revertedWithCustomError(net.rollup, "Pend4_WrongLength");
    });
  });
});
