import { expect } from "chai";
import { concat, dataSlice, toBeHex } from "ethers";
import type { Block } from "../support/chain.ts";
import { packSignatures } from "../support/attest.ts";
import { network, type Network } from "../support/fixture.ts";
import { hashToField, type Header, zero32 } from "../support/header.ts";
import { ethers, networkHelpers } from "../support/network.ts";

const modulus = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

describe("pending chain", () => {
  let net: Network;
  const fixture = () => network();
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
  });

  /** Proposes block 1, then a block in slot 3 with changed header fields, signed by all. */
  async function refused(error: string, change: Partial<Header> | ((valid: Header) => Partial<Header>)) {
    await net.chain.propose(1);
    await net.chain.enter(3);
    await networkHelpers.mine();
    const valid = await net.chain.build(3);
    const block = await net.chain.build(3, typeof change === "function" ? change(valid.header) : change);
    await expect(net.chain.send(block, await net.chain.sign(block))).to.be.revertedWithCustomError(net.rollup, error);
  }

  async function refusedSignatures(
    error: string,
    change: (signatures: string, block: Block) => Promise<string> | string,
  ) {
    if (Number(await net.rollup.currentSlot()) !== 2) {
      await net.chain.enter(2);
      await networkHelpers.mine();
    }
    const block = await net.chain.build(2);
    const signatures = await change(await net.chain.sign(block, [0, 1, 2]), block);
    await expect(net.chain.send(block, signatures)).to.be.revertedWithCustomError(net.rollup, error);
  }

  it("accepts a block and says so", async () => {
    const { block, response } = await net.chain.propose(2);
    const record = await net.rollup.getRecord(1);
    const genesis = await net.rollup.getRecord(0);
    const accumulator = hashToField(concat([genesis.accumulator, block.hash]));
    await expect(response).to.emit(net.oracle, "HeaderPublished").withArgs(block.hash, block.encoded);
    await expect(response).to.emit(net.oracle, "EffectsPublished").withArgs(block.header.daHash, block.effects);
    await expect(response)
      .to.emit(net.rollup, "L2PendingBlockProcessed")
      .withArgs(1n, block.hash, block.archive, accumulator, 4n);
    expect(record.archive).to.equal(block.archive);
    expect(record.accumulator).to.equal(accumulator);
    expect([record.number, record.slot]).to.deep.equal([1n, 2n]);
    expect(await net.rollup.getTips()).to.deep.equal([1n, 0n, 1n, 2n, 1n]);
  });

  it("PEND-1: number is tip + 1", () => refused("Pend1_WrongNumber", { number: 3 }));
  it("PEND-1: lastArchive is the tip's", () => refused("Pend1_WrongLastArchive", { lastArchive: zero32 }));
  it("PEND-1: reserved bytes are zero", () => refused("Pend1_ReservedNotZero", { reserved: 1 }));
  it("PEND-1: archive is a field", async () => {
    await net.chain.enter(1);
    await networkHelpers.mine();
    const block = { ...(await net.chain.build(1)), archive: toBeHex(modulus, 32) };
    await expect(net.chain.send(block, await net.chain.sign(block))).to.be.revertedWithCustomError(
      net.rollup,
      "Pend1_ArchiveNotAField",
    );
  });
  it("PEND-1: exact header length", async () => {
    await net.chain.enter(1);
    await networkHelpers.mine();
    const block = await net.chain.build(1);
    for (const header of [`${block.encoded}00`, dataSlice(block.encoded, 0, 283)]) {
      const signatures = await net.chain.sign(block);
      await expect(net.rollup.processPendingBlock(header, block.archive, signatures)).to.be.revertedWithCustomError(
        net.rollup,
        "Pend1_WrongHeaderLength",
      );
      await expect(net.oracle.publishHeader(header)).to.be.revertedWithCustomError(
        net.oracle,
        "Pend5_WrongHeaderLength",
      );
    }
  });

  it("PEND-2: slot is after the tip's", () =>
    refused("Pend2_SlotNotAfterTip", valid => ({ slot: 1, timestamp: valid.timestamp - 20n })));
  it("PEND-2: slot is not in the future", () =>
    refused("Pend2_SlotInFuture", valid => ({ slot: 4, timestamp: valid.timestamp + 10n })));
  it("PEND-2: slot is not older than the lateness", () =>
    refused("Pend2_SlotTooOld", valid => ({ slot: 2, timestamp: valid.timestamp - 10n })));
  it("PEND-2: timestamp is the slot's start", () =>
    refused("Pend2_WrongTimestamp", valid => ({ timestamp: valid.timestamp + 1n })));

  it("PEND-3: the proposer is among the signers", async () => {
    await net.chain.enter(2);
    await networkHelpers.mine();
    const block = await net.chain.build(2);
    const signatures = await net.chain.sign(block, [0, 1, 3]);
    await expect(net.chain.send(block, signatures))
      .to.be.revertedWithCustomError(net.rollup, "Pend3_ProposerDidNotSign")
      .withArgs(2n);
  });
  it("PEND-3: the sender does not matter", async () => {
    await net.chain.enter(2);
    await networkHelpers.mine();
    const block = await net.chain.build(2);
    const signatures = await net.chain.sign(block, [0, 1, 2]);
    await net.oracle.connect(net.bob).publishAndPropose(block.effects, block.encoded, block.archive, signatures);
    expect(await net.rollup.pendingBlockNumber()).to.equal(1n);
  });

  it("PEND-4: quorum of 3 in 4", async () => {
    await net.chain.enter(2);
    await networkHelpers.mine();
    const block = await net.chain.build(2);
    const signatures = await net.chain.sign(block, [0, 2]);
    await expect(net.chain.send(block, signatures))
      .to.be.revertedWithCustomError(net.rollup, "Pend4_NoQuorum")
      .withArgs(3n, 2n);
  });
  it("PEND-4: exact length", async () => {
    await refusedSignatures("Pend4_WrongLength", signatures => `${signatures}00`);
    for (const length of [0, 1, 2, 3, 214]) {
      await refusedSignatures("Pend4_WrongLength", signatures => dataSlice(signatures, 0, length));
    }
  });
  it("PEND-4: bits beyond the committee are zero", () =>
    refusedSignatures("Pend4_BitBeyondCommittee", signatures =>
      concat([dataSlice(signatures, 0, 2), "0x17", dataSlice(signatures, 3)]),
    ));
  it("PEND-4: no recovered zero address", () =>
    refusedSignatures("Pend4_InvalidSignature", signatures =>
      concat([dataSlice(signatures, 0, 3), zero32, dataSlice(signatures, 35)]),
    ));
  it("PEND-4: s in the lower half", () =>
    // (order + 1) / 2, the least value of the upper half, still fits the compact form.
    refusedSignatures("Pend4_InvalidSignature", signatures =>
      concat([
        dataSlice(signatures, 0, 35),
        "0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1",
        dataSlice(signatures, 67),
      ]),
    ));
  it("PEND-4: recovered and given addresses are the committee", async () => {
    await refusedSignatures("Pend4_WrongCommittee", signatures =>
      concat([dataSlice(signatures, 0, 195), net.bob.address]),
    );
    await refusedSignatures("Pend4_WrongCommittee", async (_, block) =>
      net.chain.sign({ ...block, hash: zero32 }, [0, 1, 2]),
    );
  });
  it("PEND-4, SIGN-2: a vote for another slot is none", () =>
    refusedSignatures("Pend4_WrongCommittee", async (_, block) => {
      const committee = await net.chain.committee(block.header.slot);
      const attested = { slot: block.header.slot + 1, headerHash: block.hash, archive: block.archive };
      return packSignatures(net.addresses.Rollup!, attested, { committee, signers: [0, 1, 2] });
    }));
  it("PEND-4: no other committee's size", () =>
    refusedSignatures("Pend4_WrongCommittee", signatures => concat(["0x0003", dataSlice(signatures, 2, 195)])));
  it("PEND-4: no empty committee in a network that has one", () =>
    refusedSignatures("Pend4_WrongCommittee", () => "0x0000"));

  it("PEND-5: header and effects are available", async () => {
    await net.chain.enter(2);
    await networkHelpers.mine();
    const block = await net.chain.build(2);
    const signatures = await net.chain.sign(block);
    const direct = () => net.rollup.processPendingBlock(block.encoded, block.archive, signatures);
    await expect(direct()).to.be.revertedWithCustomError(net.rollup, "Pend5_HeaderNotAvailable");
    await net.oracle.publishHeader(block.encoded);
    await expect(direct()).to.be.revertedWithCustomError(net.rollup, "Pend5_EffectsNotAvailable");
    await net.oracle.publishEffects(block.effects);
    await direct();
    expect(await net.rollup.pendingBlockNumber()).to.equal(1n);
  });
  it("PEND-5: other effects than the header's do not count", async () => {
    await net.chain.enter(2);
    await networkHelpers.mine();
    const block = await net.chain.build(2);
    const other = { ...block, effects: concat([dataSlice(block.effects, 0, 703), "0x01"]) };
    await expect(net.chain.send(other, await net.chain.sign(block))).to.be.revertedWithCustomError(
      net.rollup,
      "Pend5_EffectsNotAvailable",
    );
  });

  it("PEND-6: inHash is the frozen subtree's", () => refused("Pend6_WrongInHash", { inHash: toBeHex(1, 32) }));
  it("PEND-6: base fees follow from the previous block", async () => {
    await refused("Pend6_WrongBaseFees", valid => ({ baseFeePerL2Gas: valid.baseFeePerL2Gas + 1n }));
    net = await networkHelpers.loadFixture(fixture);
    await refused("Pend6_WrongBaseFees", valid => ({ baseFeePerDaGas: valid.baseFeePerDaGas - 1n }));
  });
  it("PEND-6: base fees rise and fall", async () => {
    expect((await net.rollup.getRecord(0)).nextBaseFeeL2).to.equal(875n);
    await net.chain.propose(1, { totalL2Gas: 200_000n, totalDaGas: 10_000n });
    const record = await net.rollup.getRecord(1);
    expect([record.nextBaseFeeL2, record.nextBaseFeeDa]).to.deep.equal([875n + 109n, 1750n]);
  });

  it("PEND-7: the buffer never overflows", async () => {
    // The constructor's capacity check makes this unreachable: forge tips with pending − proven = capacity − 1.
    await net.chain.enter(1);
    await networkHelpers.mine();
    const slot = await tipsSlot();
    await networkHelpers.setStorageAt(net.addresses.Rollup!, slot, toBeHex(13n, 32));
    const block = await net.chain.build(1, { number: 14 });
    await expect(net.chain.send(block, await net.chain.sign(block)))
      .to.be.revertedWithCustomError(net.rollup, "Pend7_BufferFull")
      .withArgs(0n, 13n);
  });
  it("PEND-7: reads need proven ≤ n ≤ tip", async () => {
    await net.chain.propose(1);
    await expect(net.rollup.getRecord(2)).to.be.revertedWithCustomError(net.rollup, "Pend7_NotInBuffer");
    const { block } = await net.chain.propose(2);
    const proof = await net.chain.proof(block, net.deployer.address);
    await net.chain.enter(4);
    await net.rollup.processProvenBlock(block.encoded, block.archive, proof);
    await expect(net.rollup.getRecord(1)).to.be.revertedWithCustomError(net.rollup, "Pend7_NotInBuffer");
  });
  it("PEND-7: the pending reward is credited", async () => {
    await net.chain.propose(1);
    await net.chain.propose(2);
    expect(await net.rollup.creditOf(net.chain.coinbase)).to.equal(200n);
  });

  it("TX-2: a block uses at most twice the target of each kind of gas", async () => {
    await net.chain.propose(1, { totalL2Gas: 200_000n, totalDaGas: 20_000n });
    for (const change of [{ totalL2Gas: 200_001n }, { totalDaGas: 20_001n }]) {
      net = await networkHelpers.loadFixture(fixture);
      await refused("Tx2_OverGasLimit", change);
    }
  });

  describe("PEND-9", () => {
    const pair = async () => {
      net = await network(4, { proposalLateness: 1 });
      const parent = await net.chain.build(2);
      const child = await net.chain.build(3, {
        number: 2,
        lastArchive: parent.archive,
        baseFeePerL2Gas: 821n,
        baseFeePerDaGas: 1547n,
      });
      return { parent, child };
    };
    const call = async (block: Block) =>
      net.oracle.interface.encodeFunctionData("publishAndPropose", [
        block.effects,
        block.encoded,
        block.archive,
        await net.chain.sign(block),
      ]);
    const chunked = async (block: Block) =>
      net.oracle.interface.encodeFunctionData("publishAndProposeChunks", [
        [],
        block.effects,
        block.encoded,
        block.archive,
        await net.chain.sign(block),
      ]);

    for (const encode of [call, chunked]) {
      it(`a parent and its child in one transaction, by ${encode === call ? "one piece" : "chunks"}`, async () => {
        const { parent, child } = await pair();
        await net.chain.enter(3);
        await net.oracle.multicall([await encode(parent), await encode(child)]);
        expect(await net.rollup.pendingBlockNumber()).to.equal(2n);
      });
      it(`a parent that is there already is skipped, by ${encode === call ? "one piece" : "chunks"}`, async () => {
        const { parent, child } = await pair();
        await net.chain.enter(3);
        await net.chain.send(parent, await net.chain.sign(parent));
        const sent = net.oracle.multicall([await encode(parent), await encode(child)]);
        await expect(sent).to.emit(net.rollup, "L2PendingBlockProcessed");
        await expect(sent).to.emit(net.oracle, "HeaderPublished").withArgs(child.hash, child.encoded);
        expect((await (await sent).wait())!.logs.filter(log => log.topics[1] === parent.hash)).to.have.lengthOf(0);
        expect(await net.rollup.pendingBlockNumber()).to.equal(2n);
      });
    }
    it("the last block is never skipped, nor another one of the parent's number", async () => {
      const { parent, child } = await pair();
      await net.chain.enter(3);
      await net.chain.send(parent, await net.chain.sign(parent));
      const wrong = (attempt: Promise<unknown>) =>
        expect(attempt).to.be.revertedWithCustomError(net.rollup, "Pend1_WrongNumber");
      await wrong(net.oracle.multicall([await call(parent)]));
      await wrong(net.oracle.multicall([await call(child), await call(parent)]));
      await wrong(net.oracle.multicall([await call({ ...parent, archive: zero32 }), await call(child)]));
      const other = { ...parent, encoded: parent.encoded.replace(parent.header.stateHash.slice(2), zero32.slice(2)) };
      await wrong(net.oracle.multicall([await call(other), await call(child)]));
      await wrong(net.chain.send(parent, await net.chain.sign(parent)));
      expect(await net.rollup.isIncluded(parent.encoded, parent.archive)).to.equal(true);
      expect(await net.rollup.isIncluded(child.encoded, child.archive)).to.equal(false);
      expect(await net.rollup.isIncluded("0x", parent.archive)).to.equal(false);
    });
  });

  /** Index of the storage slot that packs the tips: the first one whose value changes with a block. */
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
});
