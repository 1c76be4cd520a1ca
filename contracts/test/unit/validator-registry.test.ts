import { expect } from "chai";
import { zeroPadValue } from "ethers";
import { pubkeyOf } from "../support/attest.ts";
import { network, type Network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

interface Consent {
  amount: bigint;
  sender: string;
  withdrawer: string;
  deadline: bigint;
}

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

  /** What alice consents to, and her signature. */
  async function consent(change: Partial<Consent> = {}, { pubkey = key, nonce = 0n } = {}) {
    const { chainId } = await ethers.provider.getNetwork();
    const domain = { name: "SPRTN", version: "1", chainId, verifyingContract: net.addresses.ValidatorRegistry! };
    const given: Consent = {
      amount: 10n,
      sender: ethers.ZeroAddress,
      withdrawer: net.bob.address,
      deadline: 2n ** 40n,
      ...change,
    };
    const field = (text: string) => ({ type: text.split(" ")[0]!, name: text.split(" ")[1]! });
    const types = {
      StakeConsent: [
        "bytes32 pubkey",
        "uint256 amount",
        "address sender",
        "address withdrawer",
        "uint256 deadline",
        "uint256 nonce",
      ].map(field),
    };
    return { given, signature: await net.alice.signTypedData(domain, types, { pubkey, ...given, nonce }) };
  }
  const stakeFor = (
    { given, signature }: { given: Consent; signature: string },
    { pubkey = key, value = given.amount, by = net.bob } = {},
  ) => registry().connect(by).stakeFor(pubkey, given, signature, { value });

  it("SET-2: stakeFor with the attester's consent to amount, sender, withdrawer and deadline", async () => {
    await stakeFor(await consent({ amount: 12n, sender: net.bob.address, withdrawer: net.deployer.address }));
    const { withdrawer, stake: staked } = await registry().getValidator(key);
    expect([withdrawer, staked]).to.deep.equal([net.deployer.address, 12n]);
  });
  it("SET-2: no consent to another amount, sender, withdrawer, deadline, pubkey or stake", async () => {
    const signed = await consent({ sender: net.bob.address });
    const changed = (change: Partial<Consent>) => ({ ...signed, given: { ...signed.given, ...change } });
    await refused("Set2_WrongAmount", stakeFor(signed, { value: 11n }));
    await refused("Set2_WrongAmount", stakeFor(signed, { value: 9n }));
    await refused("Set2_InvalidConsent", stakeFor(changed({ amount: 11n })));
    await refused("Set2_WrongSender", stakeFor(signed, { by: net.deployer }));
    await refused("Set2_InvalidConsent", stakeFor(changed({ sender: ethers.ZeroAddress })));
    await refused("Set2_InvalidConsent", stakeFor(changed({ withdrawer: net.deployer.address })));
    await refused("Set2_InvalidConsent", stakeFor(changed({ deadline: 2n ** 41n })));
    await refused("Set2_InvalidConsent", stakeFor(signed, { pubkey: pubkeyOf(net.deployer.address) }));
    await refused("Set2_InvalidConsent", stakeFor({ ...signed, signature: "0x1234" }));
    await refused("Set2_InvalidWithdrawer", stakeFor(await consent({ withdrawer: ethers.ZeroAddress })));
    await stakeFor(signed);
    await registry().connect(net.bob).exitStake(key);
    await enterEpoch(6);
    await registry().withdrawStake(key);
    await refused("Set2_InvalidConsent", stakeFor(signed));
  });
  it("SET-2: a consent expires after its deadline, the last second included", async () => {
    const deadline = BigInt(await networkHelpers.time.latest()) + 100n;
    const signed = await consent({ deadline });
    await networkHelpers.time.setNextBlockTimestamp(deadline + 1n);
    await refused("Set2_ConsentExpired", stakeFor(signed));
    const next = await consent({ deadline: deadline + 100n });
    await networkHelpers.time.setNextBlockTimestamp(deadline + 100n);
    await stakeFor(next);
  });
  it("SET-2: the attester cancels what it signed", async () => {
    const signed = await consent();
    await registry().connect(net.bob).cancelConsent();
    await expect(registry().connect(net.alice).cancelConsent())
      .to.emit(registry(), "ConsentCancelled")
      .withArgs(net.alice.address, 0n);
    await refused("Set2_InvalidConsent", stakeFor(signed));
    await stakeFor(await consent({}, { nonce: 1n }));
  });
  it("SET-2: staking for oneself voids a consent signed before", async () => {
    const signed = await consent();
    await stake();
    await registry().connect(net.alice).exitStake(key);
    await enterEpoch(6);
    await registry().withdrawStake(key);
    await refused("Set2_InvalidConsent", stakeFor(signed));
  });
  it("SET-2: a stake can be topped up by anyone, until it is on its way out", async () => {
    const topUp = (value: bigint) => registry().connect(net.bob).topUp(key, { value });
    await refused("Set2_WrongStatus", topUp(5n));
    await stake();
    await expect(topUp(5n)).to.emit(registry(), "StakeToppedUp").withArgs(key, net.bob.address, 5n);
    await net.govern(registry(), "addValidator", key);
    await topUp(6n);
    await refused("Set2_StakeTooLow", topUp(0n));
    await registry().connect(net.alice).exitStake(key);
    await refused("Set2_WrongStatus", topUp(5n));
    await enterEpoch(5);
    await expect(registry().withdrawStake(key)).to.changeEtherBalance(ethers, net.alice, 21n);
  });
  it("SET-2: who is on the way out cannot exit again, nor be removed", async () => {
    await stake();
    await registry().connect(net.alice).exitStake(key);
    const { withdrawableEpoch } = await registry().getValidator(key);
    await enterEpoch(2);
    await refused("Set2_WrongStatus", registry().connect(net.alice).exitStake(key));
    await refused("Set2_WrongStatus", net.govern(registry(), "removeValidator", key));
    expect((await registry().getValidator(key)).withdrawableEpoch).to.equal(withdrawableEpoch);
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
    await stakeFor(await consent({ withdrawer: refuser }));
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
