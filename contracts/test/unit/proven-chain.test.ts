import { expect } from "chai";
import { concat, dataLength, toBeHex } from "ethers";
import { network, type Network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";
import { withOtherByte } from "../support/with-other-byte.ts";

// Slots of 10 s, epochs of 4 slots, windows of 40 s each: epoch 0 ends at slot 4, D1 is slot 8, D2 slot 12.
describe("proven chain", () => {
  let net: Network;
  const open = () => network();
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(open);
  });

  async function prove(number: number, at: { slot: number; offset?: number }, sender = net.deployer) {
    const block = net.chain.blocks[number]!;
    const proof = await net.chain.proof(block, sender.address);
    await net.chain.enter(at.slot, at.offset ?? 1);
    return net.rollup.connect(sender).processProvenBlock(block.encoded, block.archive, proof);
  }
  const refused = async (error: string, attempt: Promise<unknown>) =>
    expect(attempt).to.be.revertedWithCustomError(net.rollup, error);

  it("PROV-1: the range ends at a pending block after the proven tip", async () => {
    await net.chain.propose(1);
    await net.chain.propose(2);
    await prove(2, { slot: 4 });
    await refused("Prov1_NotPending", prove(2, { slot: 5 }));
    const { block } = await net.chain.propose(6);
    const ahead = await net.chain.build(6, { number: 4 });
    await net.chain.enter(8, 5);
    await refused("Prov1_NotPending", net.rollup.processProvenBlock(ahead.encoded, block.archive, "0x"));
  });
  it("PROV-1: the epoch is over", async () => {
    await net.chain.propose(1);
    await refused("Prov1_EpochNotOver", prove(1, { slot: 3, offset: 9 }));
    await prove(1, { slot: 4, offset: 0 });
  });
  it("PROV-1: an epoch is not over while a late block may come", async () => {
    net = await network(4, { proposalLateness: 2 });
    await net.chain.propose(1);
    await refused("Prov1_EpochNotOver", prove(1, { slot: 5, offset: 9 }));
    await prove(1, { slot: 6, offset: 0 });
  });
  it("PROV-1: the range lies in one epoch", async () => {
    await net.chain.propose(1);
    await net.chain.propose(5);
    await refused("Prov1_OtherEpoch", prove(2, { slot: 8 }));
  });
  it("PROV-1: before D1 the range ends at the epoch's last block", async () => {
    await net.chain.propose(1);
    await net.chain.propose(2);
    await refused("Prov1_NotEndOfEpoch", prove(1, { slot: 7, offset: 9 }));
    await prove(2, { slot: 7, offset: 10 });
  });
  it("PROV-1: before D1 the range ends at the epoch's last block, also when that is in its last slot", async () => {
    await net.chain.propose(1);
    await net.chain.propose(3);
    await net.chain.propose(5);
    await refused("Prov1_NotEndOfEpoch", prove(1, { slot: 7, offset: 8 }));
    await prove(2, { slot: 7, offset: 9 });
  });

  describe("PROV-1: a proof that starts before the proven tip", () => {
    /** Epoch 0 has blocks 1, 2, 3; epoch 1 block 4. */
    beforeEach(async () => {
      await net.fund(1000n);
      await net.chain.propose(1, { totalBaseFees: 30n });
      await net.chain.propose(2, { totalBaseFees: 12n });
      await net.chain.propose(3, { totalBaseFees: 7n });
      await net.chain.propose(5);
    });
    async function proveFrom(
      [first, last]: readonly [number, number],
      at: { slot: number; offset?: number },
      proof?: string,
    ) {
      const block = net.chain.blocks[last]!;
      const bytes = proof ?? (await net.chain.proof(block, net.deployer.address, first));
      await net.chain.enter(at.slot, at.offset ?? 1);
      return net.rollup.processProvenRange(first, block.encoded, block.archive, bytes);
    }

    it("is not voided by a prefix, and earns and releases only for the blocks that are new", async () => {
      const whole = await net.chain.proof(net.chain.blocks[3]!, net.deployer.address, 1);
      await prove(1, { slot: 8 }, net.alice);
      expect(await net.token.balanceOf(net.addresses.Rewards!)).to.equal(30n);
      const sent = await proveFrom([1, 3], { slot: 9 }, whole);
      await expect(sent)
        .to.emit(net.rollup, "L2ProvenBlockProcessed")
        .withArgs(3n, net.deployer.address, 2n, net.chain.blocks[3]!.archive);
      await expect(sent).to.emit(net.portal, "BaseFeesReleased").withArgs(19n);
      expect(await net.rollup.creditOf(net.alice.address)).to.equal(15n);
      expect(await net.rollup.creditOf(net.deployer.address)).to.equal(30n);
      expect(await net.token.balanceOf(net.addresses.Rewards!)).to.equal(49n);
      await refused("Prov1_NotPending", proveFrom([1, 3], { slot: 10 }, whole));
    });
    it("may start in the middle, and at the first unproven block", async () => {
      await prove(2, { slot: 8 });
      const fromTwo = await net.chain.proof(net.chain.blocks[3]!, net.deployer.address, 3);
      await refused("Prov1_InvalidProof", proveFrom([2, 3], { slot: 8, offset: 5 }, fromTwo));
      await proveFrom([3, 3], { slot: 9 }, fromTwo);
      expect(await net.rollup.provenBlockNumber()).to.equal(3n);
    });
    it("is refused beyond the tip, before block 1, and in another epoch", async () => {
      await refused("Prov1_WrongStart", proveFrom([2, 3], { slot: 7 }, "0x"));
      await refused("Prov1_WrongStart", proveFrom([0, 3], { slot: 7, offset: 2 }, "0x"));
      await prove(3, { slot: 7, offset: 3 });
      await refused("Prov1_WrongStart", proveFrom([3, 4], { slot: 8 }, "0x"));
      await proveFrom([4, 4], { slot: 9 });
    });
    it("is refused when the buffer holds its start no longer", async () => {
      await prove(1, { slot: 8 });
      // Forged: what the constructor's capacity rules out.
      const record = await recordSlot(0);
      await networkHelpers.setStorageAt(net.addresses.Rollup!, record + 2n, toBeHex(14n, 32));
      const proof = await net.chain.proof(net.chain.blocks[3]!, net.deployer.address, 2);
      await refused("Prov1_WrongStart", proveFrom([1, 3], { slot: 9 }, proof));
    });
    /** Storage slot of a record: the first mapping slot whose element starts with the genesis archive. */
    async function recordSlot(index: number): Promise<bigint> {
      for (let slot = 0; slot < 20; slot++) {
        const at = ethers.keccak256(concat([toBeHex(index, 32), toBeHex(slot, 32)]));
        const word = await ethers.provider.getStorage(net.addresses.Rollup!, at);
        if (word === net.deployment.parameters.genesisArchive) return BigInt(at);
      }
      return expect.fail("the records were not found");
    }
  });

  it("PROV-1: empty epochs are skipped", async () => {
    await net.chain.propose(9);
    await prove(1, { slot: 12 });
    expect(await net.rollup.provenBlockNumber()).to.equal(1n);
  });
  it("PROV-2: from D1 on, a part of the epoch will do", async () => {
    await net.chain.propose(1);
    await net.chain.propose(2);
    await prove(1, { slot: 8, offset: 0 });
    await prove(2, { slot: 12, offset: 0 });
    expect(await net.rollup.provenBlockNumber()).to.equal(2n);
  });
  for (const lateness of [1, 2, 3]) {
    it(`PEND-2, PROV-1, PROV-4: every bound with a lateness of ${lateness}`, async () => {
      const built = async () => {
        net = await network(4, { proposalLateness: lateness });
        await net.chain.propose(1);
        const block = await net.chain.build(3);
        net.chain.blocks[2] = block;
        return { block, signatures: await net.chain.sign(block) };
      };
      const tooLate = await built();
      await net.chain.enter(4 + lateness, 0);
      await refused("Pend2_SlotTooOld", net.chain.send(tooLate.block, tooLate.signatures));

      const inTime = await built();
      await refused("Prov1_EpochNotOver", prove(1, { slot: 3 + lateness, offset: 8 }));
      await net.chain.enter(3 + lateness, 9);
      await net.chain.send(inTime.block, inTime.signatures);
      await prove(2, { slot: 4 + lateness, offset: 0 });
      // D2 counts from the epoch's end, whatever the lateness.
      const { block, response } = await net.chain.propose(4 + lateness + 1);
      await response.wait();
      const end = 4 * Math.floor(block.header.slot / 4) + 4;
      await net.chain.enter(end + 8, 0);
      await refused("Prov4_NotYet", net.rollup.prune());
      await net.chain.enter(end + 8, 1);
      await net.rollup.prune();
    });
  }
  it("PROV-2: after D2 it is too late", async () => {
    await net.chain.propose(1);
    await refused("Prov2_TooLate", prove(1, { slot: 12, offset: 1 }));
  });

  describe("with the right `coordinator`", () => {
    const fixture = () => network(4, { provingRight: 0 });
    beforeEach(async () => {
      net = await networkHelpers.loadFixture(fixture);
      await net.chain.propose(1);
    });

    it("PROV-2: until D1 only the proposer of the epoch's last slot", async () => {
      await refused("Prov2_NotTheCoordinator", prove(1, { slot: 7, offset: 9 }));
      const coordinator = (await net.rollup.getEpochInfo(0)).coordinator;
      expect(coordinator).to.equal(await net.rollup.getProposerAt(3));
      await networkHelpers.impersonateAccount(coordinator);
      await networkHelpers.setBalance(coordinator, 10n ** 18n);
      const signer = await ethers.getSigner(coordinator);
      const proof = await net.chain.proof(net.chain.blocks[1]!, coordinator);
      await net.rollup
        .connect(signer)
        .processProvenBlock(net.chain.blocks[1]!.encoded, net.chain.blocks[1]!.archive, proof);
      expect(await net.rollup.creditOf(coordinator)).to.equal(15n);
    });
    it("PROV-2: from D1 anyone", async () => {
      await prove(1, { slot: 8, offset: 0 });
      expect(await net.rollup.provenBlockNumber()).to.equal(1n);
    });
  });

  describe("INV-7: a proof holds only for the headers L1 has", () => {
    beforeEach(async () => {
      await net.chain.propose(1);
      await net.chain.propose(2);
    });

    it("refuses another archive", async () => {
      await net.chain.enter(4);
      await refused(
        "Prov1_WrongArchive",
        net.rollup.processProvenBlock(net.chain.blocks[2]!.encoded, net.chain.blocks[1]!.archive, "0x"),
      );
    });
    it("refuses another header of the same number", async () => {
      await net.chain.enter(4);
      const { encoded, archive } = net.chain.blocks[2]!;
      const changed = withOtherByte(encoded, 259);
      await refused("Prov1_WrongHeader", net.rollup.processProvenBlock(changed, archive, "0x"));
      await refused("Pend1_WrongHeaderLength", net.rollup.processProvenBlock(`${encoded}00`, archive, "0x"));
    });
    it("refuses a proof for other inputs, another sender, or another length", async () => {
      const { encoded, archive } = net.chain.blocks[2]!;
      const proof = await net.chain.proof(net.chain.blocks[2]!, net.deployer.address);
      await net.chain.enter(4);
      await networkHelpers.mine();
      const send = (bytes: string, sender = net.deployer) =>
        net.rollup.connect(sender).processProvenBlock(encoded, archive, bytes);
      await refused("Prov1_InvalidProof", send(proof, net.alice));
      await refused("Prov1_InvalidProof", send(`${proof}00`));
      await refused("Prov1_InvalidProof", send(withOtherByte(proof, dataLength(proof) - 1)));
      await refused("Prov1_InvalidProof", send(withOtherByte(proof, 0)));
      await net.govern(net.rollup, "setKeyTreeRoot", toBeHex(5, 32));
      await refused("Prov1_InvalidProof", send(proof));
    });
    it("lets Teocalli alone change verifier and key tree root", async () => {
      await refused("OwnableUnauthorizedAccount", net.rollup.setVerifier(net.bob.address));
      await refused("OwnableUnauthorizedAccount", net.rollup.setKeyTreeRoot(toBeHex(5, 32)));
      await expect(net.govern(net.rollup, "setVerifier", net.bob.address))
        .to.emit(net.rollup, "VerifierSet")
        .withArgs(net.bob.address);
      await expect(net.govern(net.rollup, "setKeyTreeRoot", `0x${"ff".repeat(32)}`)).to.be.revertedWithCustomError(
        net.rollup,
        "Init_InvalidParameter",
      );
      const accept = await ethers.deployContract("AcceptAllVerifier");
      await net.govern(net.rollup, "setVerifier", await accept.getAddress());
      await net.chain.enter(4, 5);
      await net.rollup.processProvenBlock(net.chain.blocks[2]!.encoded, net.chain.blocks[2]!.archive, "0x");
      expect(await net.rollup.provenBlockNumber()).to.equal(2n);
    });
  });

  it("PROV-3: moves the tip, says so, pays the prover, releases base fees", async () => {
    await net.fund(1000n);
    await net.chain.propose(1, { totalBaseFees: 30n });
    await net.chain.propose(2, { totalBaseFees: 12n });
    const sent = await prove(2, { slot: 5 }, net.alice);
    await expect(sent)
      .to.emit(net.rollup, "L2ProvenBlockProcessed")
      .withArgs(2n, net.alice.address, 1n, net.chain.blocks[2]!.archive);
    await expect(sent).to.emit(net.portal, "BaseFeesReleased").withArgs(42n);
    expect(await net.token.balanceOf(net.addresses.Rewards!)).to.equal(42n);
    expect(await net.portal.locked()).to.equal(958n);
    expect(await net.rollup.creditOf(net.alice.address)).to.equal(30n);
  });
  it("PROV-3: releases only what the range burnt", async () => {
    await net.fund(1000n);
    await net.chain.propose(1, { totalBaseFees: 30n });
    await prove(1, { slot: 4 });
    await net.chain.propose(5, { totalBaseFees: 5n });
    await expect(prove(2, { slot: 8 }))
      .to.emit(net.portal, "BaseFeesReleased")
      .withArgs(5n);
  });

  it("PROV-4: prunes only after D2, and keeps pending rewards", async () => {
    await net.chain.propose(1);
    await net.chain.propose(5);
    await net.chain.enter(12, 0);
    await refused("Prov4_NotYet", net.rollup.prune());
    await net.chain.enter(12, 1);
    await expect(net.rollup.prune()).to.emit(net.rollup, "PrunedPendingChain").withArgs(0n, 2n);
    expect(await net.rollup.getTips()).to.deep.equal([0n, 0n, 2n, 0n, 4n]);
    expect(await net.rollup.creditOf(net.chain.coinbase)).to.equal(200n);
    await refused("Prov4_NothingToPrune", net.rollup.prune());
  });
  it("PROV-4: a proposal prunes when it is due, and builds on the proven tip", async () => {
    await net.chain.propose(1);
    await prove(1, { slot: 4 });
    await net.chain.propose(5);
    await net.chain.enter(16, 1);
    await networkHelpers.mine();
    const stale = await net.chain.build(16);
    await refused("Pend1_WrongNumber", net.chain.send(stale, await net.chain.sign(stale)));
    const base = await net.rollup.getRecord(1);
    const change = {
      number: 2,
      lastArchive: base.archive,
      baseFeePerL2Gas: base.nextBaseFeeL2,
      baseFeePerDaGas: base.nextBaseFeeDa,
    };
    const block = await net.chain.build(16, change);
    const sent = await net.chain.send(block, await net.chain.sign(block));
    await expect(sent).to.emit(net.rollup, "PrunedPendingChain").withArgs(1n, 2n);
    await expect(sent).to.emit(net.rollup, "L2PendingBlockProcessed");
    expect(await net.rollup.getTips()).to.deep.equal([2n, 1n, 2n, 16n, 5n]);
  });
  it("PROV-4: a proposal at D2 itself does not prune", async () => {
    await net.chain.propose(1);
    await net.chain.enter(11);
    await net.rollup.checkpointRandao();
    const block = await net.chain.build(12);
    const signatures = await net.chain.sign(block);
    await net.chain.enter(12, 0);
    await expect(net.chain.send(block, signatures)).not.to.emit(net.rollup, "PrunedPendingChain");
    expect(await net.rollup.pendingBlockNumber()).to.equal(2n);
  });
  it("PROV-4: a prune lets the chain go on", async () => {
    await net.chain.propose(1);
    await net.chain.enter(13);
    await net.rollup.prune();
    await net.chain.propose(14);
    await prove(1, { slot: 16 });
    expect(await net.rollup.provenBlockNumber()).to.equal(1n);
  });

  it("PROV-6: the simulated verifier takes seven inputs and the marker over them", async () => {
    const inputs = Array.from({ length: 7 }, (_, index) => toBeHex(index, 32));
    const marker = (fields: string[]) =>
      ethers.keccak256(concat([ethers.toUtf8Bytes("sprtn.simulated-proof"), ...fields]));
    const padding = new Uint8Array(10_688 - 32);
    expect(await net.verifier.verify(concat([marker(inputs), padding]), inputs)).to.equal(true);
    expect(await net.verifier.verify(concat([marker(inputs.slice(1)), padding]), inputs.slice(1))).to.equal(false);
    expect(await net.verifier.verify(concat([marker(inputs.toReversed()), padding]), inputs)).to.equal(false);
  });
});
