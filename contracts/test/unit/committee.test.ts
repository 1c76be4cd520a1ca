import { expect } from "chai";
import { AbiCoder, concat, keccak256 } from "ethers";
import { network, type Network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

describe("time, seed and committee", () => {
  let net: Network;
  const fixture = () => network(9, { committeeSize: 5 });
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
  });
  const mineAt = async (slot: number, offset = 0) => {
    await net.chain.enter(slot, offset);
    await networkHelpers.mine();
  };

  it("TIME-1: slots and epochs", async () => {
    const now = async () => [await net.rollup.currentSlot(), await net.rollup.currentEpoch()];
    expect(await now()).to.deep.equal([0n, 0n]);
    await mineAt(0, 0);
    expect(await now()).to.deep.equal([0n, 0n]);
    await mineAt(3, 9);
    expect(await now()).to.deep.equal([3n, 0n]);
    await mineAt(4, 0);
    expect(await now()).to.deep.equal([4n, 1n]);
  });

  it("SEED-1: the first touch of an epoch fixes the randao of two epochs ahead, once", async () => {
    await net.chain.enter(0);
    await net.rollup.checkpointRandao();
    await net.chain.enter(4);
    await networkHelpers.setPrevRandao(1234);
    await expect(net.rollup.checkpointRandao()).to.emit(net.rollup, "RandaoCheckpointed").withArgs(3n, 1234n);
    await networkHelpers.setPrevRandao(99);
    await expect(net.rollup.checkpointRandao()).not.to.emit(net.rollup, "RandaoCheckpointed");
    await expect(net.rollup.setupEpoch(1)).not.to.emit(net.rollup, "RandaoCheckpointed");
    expect(await net.rollup.getRandaoAt(3)).to.equal(1234n);
  });
  it("SEED-1: epochs 0 and 1 use the value at deployment, untouched ones the last", async () => {
    const first = await net.rollup.getRandaoAt(0);
    expect(await net.rollup.getRandaoAt(1)).to.equal(first);
    await net.chain.enter(4 * 4);
    await networkHelpers.setPrevRandao(77);
    await net.rollup.setupEpoch(4);
    expect(await net.rollup.getRandaoAt(4)).to.equal(first);
    expect(await net.rollup.getRandaoAt(6)).to.equal(77n);
    expect(await net.rollup.getRandaoAt(9)).to.equal(77n);
  });
  it("SEED-1: touches in consecutive epochs fix one epoch each", async () => {
    for (const [epoch, randao] of [
      [1, 10n],
      [2, 20n],
      [3, 30n],
    ] as const) {
      await net.chain.enter(epoch * 4);
      await networkHelpers.setPrevRandao(randao);
      await expect(net.rollup.checkpointRandao())
        .to.emit(net.rollup, "RandaoCheckpointed")
        .withArgs(epoch === 1 ? 2n : BigInt(epoch + 2), randao);
    }
    expect(await Promise.all([2, 3, 4, 5].map(epoch => net.rollup.getRandaoAt(epoch)))).to.deep.equal([
      10n,
      10n,
      20n,
      30n,
    ]);
  });
  it("SEED-1: a touch after skipped epochs fixes the next epoch too, whose seed was known before its set", async () => {
    await net.chain.enter(4);
    await networkHelpers.setPrevRandao(10);
    await net.rollup.checkpointRandao(); // fixes 2, since epoch 0 was not touched, and 3
    await net.chain.enter(4 * 4);
    await networkHelpers.setPrevRandao(20);
    await net.rollup.checkpointRandao();
    expect(await net.rollup.getRandaoAt(4)).to.equal(10n);
    expect(await net.rollup.getRandaoAt(5)).to.equal(20n);
    expect(await net.rollup.getRandaoAt(6)).to.equal(20n);
  });
  it("SEED-1: what is fixed never changes", async () => {
    const seen = new Map<number, bigint>();
    for (const epoch of [0, 1, 4, 5, 7, 8, 9, 13]) {
      await mineAt(epoch * 4 + 1);
      const look = async () => {
        for (let known = 0; known <= Number(await net.rollup.lastFixedEpoch()); known++) {
          const randao = await net.rollup.getRandaoAt(known);
          expect(randao, `epoch ${known} in ${epoch}`).to.equal(seen.get(known) ?? randao);
          seen.set(known, randao);
        }
      };
      await look();
      await networkHelpers.setPrevRandao(1000 + epoch);
      await net.rollup.checkpointRandao();
      await look();
      expect(await net.rollup.lastFixedEpoch()).to.equal(BigInt(epoch + 2));
    }
  });
  it("SEED-1: keeps the low 224 bits", async () => {
    await net.chain.enter(1);
    await networkHelpers.setPrevRandao(2n ** 256n - 1n);
    await net.rollup.checkpointRandao();
    expect(await net.rollup.getRandaoAt(2)).to.equal(2n ** 224n - 1n);
  });
  it("SEED-1: no committee is told before its seed is fixed", async () => {
    await net.chain.enter(0);
    await net.rollup.checkpointRandao();
    await mineAt(4);
    await net.rollup.getCommitteeAt(2);
    await expect(net.rollup.getCommitteeAt(3)).to.be.revertedWithCustomError(net.rollup, "Seed1_NotFixedYet");
    await net.rollup.checkpointRandao();
    const early = await net.rollup.getCommitteeAt(3);
    await expect(net.rollup.getCommitteeAt(4)).to.be.revertedWithCustomError(net.rollup, "Seed1_NotFixedYet");
    await mineAt(8);
    await expect(net.rollup.getCommitteeAt(4)).to.be.revertedWithCustomError(net.rollup, "Seed1_NotFixedYet");
    await net.chain.enter(12);
    await net.rollup.setupEpoch(3);
    expect(await net.rollup.getCommitteeAt(3)).to.deep.equal(early);
    await mineAt(20);
    await expect(net.rollup.getCommitteeAt(6)).to.be.revertedWithCustomError(net.rollup, "Seed1_NotFixedYet");
  });

  it("COM-1: a sample without repetition, committed to by its hash", async () => {
    await net.chain.enter(1);
    const committee = [...(await net.rollup.getCommitteeAt(0))];
    expect(new Set(committee).size).to.equal(5);
    const set = await net.validatorRegistry.getValidatorsAt(0);
    for (const member of committee) expect(set).to.include(member);
    const commitment = keccak256(concat(committee));
    await expect(net.rollup.setupEpoch(0)).to.emit(net.rollup, "EpochSetUp").withArgs(0n, commitment, 5n, committee[3]);
    expect(await net.rollup.commitmentOf(0)).to.equal(commitment);
    await expect(net.rollup.setupEpoch(0)).not.to.emit(net.rollup, "EpochSetUp");
  });
  it("COM-1: anyone sets up an epoch ahead, once its seed and set are fixed, or afterwards", async () => {
    await mineAt(4);
    await expect(net.rollup.setupEpoch(4)).to.be.revertedWithCustomError(net.rollup, "Seed1_NotFixedYet");
    await expect(net.rollup.connect(net.bob).setupEpoch(3)).to.emit(net.rollup, "EpochSetUp");
    const early = await net.rollup.getCommitteeAt(3);
    expect(await net.rollup.commitmentOf(3)).to.equal(keccak256(concat([...early])));
    await net.rollup.setupEpoch(0);
    expect(await net.rollup.commitmentOf(0)).to.equal(keccak256(concat([...(await net.rollup.getCommitteeAt(0))])));
    await net.chain.enter(12);
    const { response } = await net.chain.propose(13);
    await expect(response).not.to.emit(net.rollup, "EpochSetUp");
    expect(await net.rollup.getCommitteeAt(3)).to.deep.equal(early);
  });
  it("COM-1: Fisher–Yates with keccak(seed ‖ i)", async () => {
    const coder = AbiCoder.defaultAbiCoder();
    const seed = keccak256(coder.encode(["uint256", "uint256"], [0, await net.rollup.getRandaoAt(0)]));
    const deck = [...(await net.validatorRegistry.getValidatorsAt(0))];
    for (let i = 0; i < 5; i++) {
      const j =
        i + Number(BigInt(keccak256(coder.encode(["bytes32", "uint256"], [seed, i]))) % BigInt(deck.length - i));
      [deck[i], deck[j]] = [deck[j]!, deck[i]!];
    }
    expect([...(await net.rollup.getCommitteeAt(0))]).to.deep.equal(deck.slice(0, 5));
  });
  it("COM-1: everyone, if there are fewer than committeeSize", async () => {
    const small = await network(3, { committeeSize: 5 });
    expect((await small.rollup.getCommitteeAt(0)).length).to.equal(3);
  });
  it("COM-2: proposer = committee[slot mod length]", async () => {
    const committee = await net.rollup.getCommitteeAt(1);
    for (const slot of [4, 5, 6, 7]) expect(await net.rollup.getProposerAt(slot)).to.equal(committee[slot % 5]);
  });
  it("COM-3: quorum", async () => {
    const harness = await ethers.deployContract("VectorHarness");
    for (const [members, quorum] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 3],
      [16, 11],
      [48, 33],
      [128, 86],
    ] as const) {
      expect(await harness.getFunction("quorum")(members)).to.equal(BigInt(quorum));
    }
  });
  it("COM-1: a block of the previous epoch, late, is checked against that epoch's committee", async () => {
    net = await network(9, { committeeSize: 5, proposalLateness: 1 });
    await net.chain.enter(4);
    await networkHelpers.mine();
    const block = await net.chain.build(3);
    await net.chain.send(block, await net.chain.sign(block));
    expect(await net.rollup.commitmentOf(0)).not.to.equal(ethers.ZeroHash);
    expect(await net.rollup.commitmentOf(1)).to.equal(ethers.ZeroHash);
  });
});
