import { expect } from "chai";
import { AbiCoder, concat, toBeHex } from "ethers";
import { network, type Network } from "../support/fixture.ts";
import { hashToField, leftFilledRoot, zero32 } from "../support/header.ts";
import { ethers, networkHelpers } from "../support/network.ts";

const coder = AbiCoder.defaultAbiCoder();
const modulus = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

describe("messages and the fee portal", () => {
  let net: Network;
  let chainId: bigint;
  const recipient = toBeHex(42, 32);
  const secretHash = toBeHex(43, 32);
  const fixture = async () => {
    const fresh = await network();
    await fresh.token.mint(fresh.alice.address, 1_000_000n);
    await fresh.token.connect(fresh.alice).approve(fresh.addresses.FeePortal!, 1_000_000n);
    return fresh;
  };
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
    ({ chainId } = await ethers.provider.getNetwork());
  });
  const deposit = (amount = 100n) => net.portal.connect(net.alice).deposit(recipient, amount, secretHash);
  const messageHash = (amount: bigint, globalIndex: bigint) =>
    hashToField(
      coder.encode(
        ["uint256", "uint256", "address", "bytes32", "uint256", "uint256", "bytes32"],
        [chainId, 7, net.addresses.FeePortal, recipient, amount, globalIndex, secretHash],
      ),
    );

  describe("MSG-1", () => {
    it("a deposit locks tokens and sends a message into the subtree of block highest + 3", async () => {
      const hash = messageHash(100n, 32n);
      const sent = deposit();
      await expect(sent).to.emit(net.inbox, "MessageSent").withArgs(3n, 32n, hash, recipient, 100n, secretHash);
      await expect(sent).to.emit(net.portal, "Deposited").withArgs(net.alice.address, recipient, 100n, hash, 32n);
      expect(await net.token.balanceOf(net.addresses.FeePortal!)).to.equal(100n);
      expect(await net.inbox.inHash(3)).to.equal(hashToField(concat([zero32, hash])));
      expect(await net.inbox.messageCount(3)).to.equal(1n);
      expect(await net.inbox.inHash(4)).to.equal(zero32);
    });
    it("processing block n freezes the subtree of block n + 2", async () => {
      await net.chain.propose(1);
      await deposit();
      expect(await net.inbox.messageCount(4)).to.equal(1n);
      await net.chain.propose(2);
      await deposit();
      expect(await net.inbox.messageCount(4)).to.equal(1n);
      expect(await net.inbox.messageCount(5)).to.equal(1n);
    });
    it("a full subtree opens the next, which stays open", async () => {
      for (let index = 0; index < 17; index++) await deposit(BigInt(index + 1));
      expect([await net.inbox.messageCount(3), await net.inbox.messageCount(4)]).to.deep.equal([16n, 1n]);
      let rolling = zero32;
      for (let index = 0n; index < 16n; index++)
        rolling = hashToField(concat([rolling, messageHash(index + 1n, 32n + index)]));
      expect(await net.inbox.inHash(3)).to.equal(rolling);
      await net.chain.propose(1);
      expect(await net.inbox.openSubtree()).to.equal(4n);
      await deposit();
      expect(await net.inbox.messageCount(4)).to.equal(2n);
    });
    it("a subtree used ahead stays the open one until it is frozen", async () => {
      for (let index = 0; index < 33; index++) await deposit(1n);
      expect(await net.inbox.openSubtree()).to.equal(5n);
      await net.chain.propose(1);
      await net.chain.propose(2);
      expect(await net.inbox.openSubtree()).to.equal(5n);
      await net.chain.propose(3);
      expect(await net.inbox.openSubtree()).to.equal(6n);
    });
    it("a prune neither unfreezes nor reassigns", async () => {
      await net.chain.propose(1);
      await net.chain.propose(2);
      await net.chain.enter(13);
      await net.rollup.prune();
      expect(await net.inbox.openSubtree()).to.equal(5n);
      await net.chain.propose(14);
      expect(await net.inbox.openSubtree()).to.equal(5n);
    });
    it("a block consumes its subtree's inHash", async () => {
      await deposit();
      for (const slot of [1, 2, 3]) await net.chain.propose(slot);
      expect(net.chain.blocks[3]!.header.inHash).not.to.equal(zero32);
    });
    it("only FeePortal sends", () =>
      expect(net.inbox.sendL2Message(recipient, 1n, secretHash)).to.be.revertedWithCustomError(
        net.inbox,
        "Msg1_OnlyPortal",
      ));
    it("what is no field, or nothing, is refused", async () => {
      const portal = net.portal.connect(net.alice);
      await expect(portal.deposit(toBeHex(modulus, 32), 1n, secretHash)).to.be.revertedWithCustomError(
        net.portal,
        "Portal_NotAField",
      );
      await expect(portal.deposit(recipient, 1n, toBeHex(modulus, 32))).to.be.revertedWithCustomError(
        net.portal,
        "Portal_NotAField",
      );
      await expect(portal.deposit(recipient, 0n, secretHash))
        .to.be.revertedWithCustomError(net.portal, "Portal_BelowMinimum")
        .withArgs(1n, 0n);
      await expect(net.portal.connect(net.bob).deposit(recipient, 1n, secretHash)).to.be.revertedWithCustomError(
        net.token,
        "ERC20InsufficientAllowance",
      );
    });
  });

  describe("what FeePortal holds", () => {
    const room = 2n ** 128n - 1n;
    /** Mints and deposits as much as a test needs, in calls that the owner's cap allows. */
    async function fill(amount: bigint) {
      await net.govern(net.token, "mint", net.alice.address, amount);
      await net.token.connect(net.alice).approve(net.addresses.FeePortal!, 2n ** 255n);
      return deposit(amount);
    }
    const refused = (error: string, attempt: Promise<unknown>) =>
      expect(attempt).to.be.revertedWithCustomError(net.portal, error);

    it("MSG-3, INV-5: deposits − withdrawals − releases stay below 2^128, to the wei", async () => {
      await fill(room);
      expect(await net.portal.locked()).to.equal(room);
      await refused("Portal_Full", deposit(1n));
    });
    it("INV-5: one wei less leaves room for one", async () => {
      await fill(room - 1n);
      await refused("Portal_Full", deposit(2n));
      await deposit(1n);
    });
    it("INV-5: what is just sent to it takes no room from deposits", async () => {
      await net.token.mint(net.addresses.FeePortal!, 1000n);
      await fill(room);
      expect(await net.portal.locked()).to.equal(room);
    });
    it("MSG-3, INV-5: what is just sent to it neither takes room nor can leave", async () => {
      await net.token.mint(net.addresses.FeePortal!, 1000n);
      expect(await net.portal.locked()).to.equal(0n);
      await net.chain.propose(1, { totalBaseFees: 1n });
      const { block } = await net.chain.propose(2);
      const proof = await net.chain.proof(block, net.deployer.address);
      await net.chain.enter(4);
      await refused("Portal_NotLocked", net.rollup.processProvenBlock(block.encoded, block.archive, proof));
    });
    it("MSG-3: a minimum deposit", async () => {
      const strict = await network(1, { minimumDeposit: 50n });
      await strict.fund(50n);
      await expect(strict.fund(49n))
        .to.be.revertedWithCustomError(strict.portal, "Portal_BelowMinimum")
        .withArgs(50n, 49n);
    });
    it("MSG-2: a second FeePortal neither sends nor consumes", async () => {
      const args = ["L2AZT", "Inbox", "Outbox", "Rewards"].map(name => net.addresses[name]!);
      const second = await ethers.deployContract("FeePortal", [args[0]!, args[1]!, args[2]!, args[3]!, 7, 1n]);
      await second.initialize(net.addresses.Rollup!);
      await net.token.connect(net.alice).approve(await second.getAddress(), 100n);
      await expect(second.connect(net.alice).deposit(recipient, 100n, secretHash)).to.be.revertedWithCustomError(
        net.inbox,
        "Msg1_OnlyPortal",
      );
      await expect(second.withdraw(net.bob.address, 1n, 0, 1, [])).to.be.revertedWithCustomError(
        net.outbox,
        "Msg2_OnlyPortal",
      );
      await refused("Portal_OnlyRollup", second.releaseBaseFees(1n));
    });
    it("MSG-3: the faucet gives a million tokens a call, the owner 2^128 − 1 wei: no call ends minting", async () => {
      const cap = await net.token.FAUCET_CAP();
      await net.token.mint(net.bob.address, cap);
      await expect(net.token.mint(net.bob.address, cap + 1n))
        .to.be.revertedWithCustomError(net.token, "Token_OverCap")
        .withArgs(cap, cap + 1n);
      await net.govern(net.token, "mint", net.bob.address, room);
      await expect(net.govern(net.token, "mint", net.bob.address, room + 1n)).to.be.revertedWithCustomError(
        net.token,
        "Token_OverCap",
      );
      await net.token.mint(net.bob.address, cap);
    });
  });

  describe("MSG-2", () => {
    const withdrawal = (amount: bigint) =>
      hashToField(
        coder.encode(
          ["uint256", "uint256", "address", "address", "uint256"],
          [chainId, 7, net.addresses.FeePortal, net.bob.address, amount],
        ),
      );
    /** A block whose transactions withdraw 10, nothing, 30 to bob; proven. */
    async function proveWithdrawals() {
      await deposit(1000n);
      const leaves = [withdrawal(10n), zero32, withdrawal(30n)];
      const { block } = await net.chain.propose(1, { outHash: leftFilledRoot(leaves, true) }, 3);
      const proof = await net.chain.proof(block, net.deployer.address);
      await net.chain.enter(4);
      await net.rollup.processProvenBlock(block.encoded, block.archive, proof);
      // Root 1 = (2 = (4: leaf 0, 5: leaf 1), 3: leaf 2).
      return { first: [zero32, leaves[2]!], third: [hashToField(concat([leaves[0]!, zero32]))] };
    }
    const withdraw = (amount: bigint, [leafId, block = 1n]: readonly bigint[], path: string[]) =>
      net.portal.withdraw(net.bob.address, amount, block, leafId!, path);
    const refused = (error: string, attempt: Promise<unknown>) =>
      expect(attempt).to.be.revertedWithCustomError(net.outbox, error);

    it("a proven withdrawal pays out, once", async () => {
      const { first, third } = await proveWithdrawals();
      const sent = withdraw(10n, [4n], first);
      await expect(sent).to.emit(net.outbox, "MessageConsumed").withArgs(1n, 4n, withdrawal(10n));
      await expect(sent).to.emit(net.portal, "Withdrawn").withArgs(net.bob.address, 10n, 1n, 4n);
      await withdraw(30n, [3n], third);
      expect(await net.token.balanceOf(net.bob.address)).to.equal(40n);
      expect(await net.portal.locked()).to.equal(960n);
      await refused("Msg2_AlreadyConsumed", withdraw(10n, [4n], first));
      await refused("Msg2_AlreadyConsumed", withdraw(30n, [3n], third));
    });
    it("a leaf has one name only", async () => {
      const { first } = await proveWithdrawals();
      for (const leafId of [0n, 1n, 2n, 8n, 4n + 2n ** 64n])
        await refused("Msg2_WrongPathLength", withdraw(10n, [leafId], first));
      await refused("Msg2_NotAMember", withdraw(10n, [5n], first));
      await refused("Msg2_NotAMember", withdraw(10n, [6n], first));
    });
    it("another amount, recipient or block is refused", async () => {
      const { first } = await proveWithdrawals();
      await refused("Msg2_NotAMember", withdraw(11n, [4n], first));
      await refused("Msg2_NotAMember", net.portal.withdraw(net.alice.address, 10n, 1n, 4n, first));
      await refused("Msg2_NoMessages", withdraw(10n, [4n, 0n], first));
      await refused("Msg2_NotProven", withdraw(10n, [4n, 2n], first));
    });
    it("nothing is consumable before the proof", async () => {
      await net.chain.propose(1, { outHash: withdrawal(10n) });
      await refused("Msg2_NotProven", withdraw(10n, [1n], []));
    });
    it("a block with one transaction: the leaf is the root", async () => {
      await deposit();
      const { block } = await net.chain.propose(1, { outHash: withdrawal(10n) });
      const proof = await net.chain.proof(block, net.deployer.address);
      await net.chain.enter(4);
      await net.rollup.processProvenBlock(block.encoded, block.archive, proof);
      await withdraw(10n, [1n], []);
    });
    it("an empty outHash clears what a pruned block left", async () => {
      await net.chain.propose(1, { outHash: withdrawal(10n) });
      expect(await net.outbox.rootAt(1)).to.equal(withdrawal(10n));
      await net.chain.enter(13);
      await net.rollup.prune();
      const { response } = await net.chain.propose(14);
      await expect(response).to.emit(net.outbox, "RootSet").withArgs(1n, zero32);
      expect(await net.outbox.rootAt(1)).to.equal(zero32);
    });
    it("a block without messages does not touch the outbox", async () => {
      const { response } = await net.chain.propose(1);
      await expect(response).not.to.emit(net.outbox, "RootSet");
    });
    it("no empty message, whoever the portal is", async () => {
      await proveWithdrawals();
      await networkHelpers.impersonateAccount(net.addresses.FeePortal!);
      await networkHelpers.setBalance(net.addresses.FeePortal!, 10n ** 18n);
      const portal = await ethers.getSigner(net.addresses.FeePortal!);
      await refused(
        "Msg2_EmptyMessage",
        net.outbox.connect(portal).consume(1, 5, [withdrawal(10n), withdrawal(30n)], zero32),
      );
    });
    it("only Rollup sets roots, only FeePortal consumes", async () => {
      await refused("Msg2_OnlyRollup", net.outbox.setRoot(1, zero32));
      await refused("Msg2_OnlyPortal", net.outbox.consume(1, 1, [], withdrawal(1n)));
    });
    it("only the Rollup releases base fees", () =>
      expect(net.portal.releaseBaseFees(1n)).to.be.revertedWithCustomError(net.portal, "Portal_OnlyRollup"));
  });
});
