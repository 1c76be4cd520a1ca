import { expect } from "chai";
import { concat, dataSlice } from "ethers";
import type { Block } from "../support/chain.ts";
import { fakeEffect } from "../support/chain.ts";
import { network, type Network } from "../support/fixture.ts";
import { effectsRoot, type Header, zero32 } from "../support/header.ts";
import { ethers, networkHelpers } from "../support/network.ts";

/** What a refusal says of the bound that was missed. */
describe("refusals tell the bound", () => {
  let net: Network;
  const fixture = () => network(4, { proposalLateness: 1 });
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
  });
  const txs = (count: number) => concat(Array.from({ length: count }, (_, index) => fakeEffect(index)));
  async function blockAt(slot: number, change: Partial<Header> = {}): Promise<Block> {
    await net.chain.enter(slot);
    await networkHelpers.mine();
    return net.chain.build(slot, change);
  }
  const send = async (block: Block) => net.chain.send(block, await net.chain.sign(block));
  const refused = (attempt: Promise<unknown>, error: string, ...told: unknown[]) =>
    expect(attempt)
      .to.be.revertedWithCustomError(net.rollup, error)
      .withArgs(...told);

  it("PEND-1: the number that comes next", async () => {
    await net.chain.propose(1);
    await refused(send(await blockAt(2, { number: 5 })), "Pend1_WrongNumber", 2n, 5n);
  });

  it("PEND-2: the oldest slot that may still come", async () => {
    const block = await blockAt(2);
    const signatures = await net.chain.sign(block);
    await net.chain.enter(4);
    await refused(net.chain.send(block, signatures), "Pend2_SlotTooOld", 3n, 2n);
  });

  it("TX-2: both gas limits", async () => {
    const change = { totalL2Gas: 200_001n, totalDaGas: 7n };
    await refused(send(await blockAt(2, change)), "Tx2_OverGasLimit", 200_000n, 20_000n, 200_001n, 7n);
  });

  it("PEND-4: the length that signatures should have", async () => {
    const block = await blockAt(2);
    const signatures = await net.chain.sign(block, [0, 1, 2]);
    const whole = 2 + 1 + 3 * 64 + 20;
    const cut = (length: number) => net.chain.send(block, dataSlice(signatures, 0, length));
    await refused(cut(1), "Pend4_WrongLength", 2n, 1n);
    await refused(cut(2), "Pend4_WrongLength", 3n, 2n);
    await refused(cut(whole - 1), "Pend4_WrongLength", whole, whole - 1);
  });

  it("PEND-4, COM-4: the length that the empty committee's signatures have", async () => {
    net = await network(0, { openBootstrap: true });
    await refused(net.chain.send(await blockAt(1), "0x000000"), "Pend4_WrongLength", 2n, 3n);
  });

  it("PEND-5: how many transactions a chunk has", async () => {
    const chunk = async (count: number) => {
      await net.oracle.publishEffects(txs(count));
      return effectsRoot(txs(count));
    };
    const propose = (roots: string[]) => net.oracle.publishAndProposeChunks(roots, "0x", "0x", zero32, "0x");
    const [short, long] = [await chunk(3), await chunk(129)];
    const told = (attempt: Promise<unknown>, error: string, ...args: unknown[]) =>
      expect(attempt)
        .to.be.revertedWithCustomError(net.oracle, error)
        .withArgs(...args);
    await told(propose([short, short]), "Pend5_ChunkNotFull", short, 3n);
    await told(propose([long]), "Pend5_ChunkTooLong", long, 129n);
    await told(net.oracle.publishEffects("0x"), "Pend5_WrongEffectsLength", 0n);
  });

  it("PROV-1: both epochs of a range that lies in two", async () => {
    await net.chain.propose(1);
    await net.chain.propose(5);
    const { encoded, archive } = net.chain.blocks[2]!;
    await net.chain.enter(10);
    await refused(net.rollup.processProvenBlock(encoded, archive, "0x"), "Prov1_OtherEpoch", 0n, 1n);
  });

  it("SET-2: a top-up is of one wei at least", async () => {
    const key = ethers.zeroPadValue(net.alice.address, 32);
    await net.validatorRegistry.connect(net.alice).stake(key, { value: 10n });
    await expect(net.validatorRegistry.topUp(key))
      .to.be.revertedWithCustomError(net.validatorRegistry, "Set2_StakeTooLow")
      .withArgs(1n, 0n);
  });

  it("MSG-3: the room that FeePortal has left", async () => {
    const most = 2n ** 128n - 1n;
    await net.govern(net.token, "mint", net.deployer.address, most);
    await net.token.approve(net.addresses.FeePortal!, most);
    const deposit = (amount: bigint) => net.portal.deposit(zero32, amount, zero32);
    await deposit(most - 5n);
    await expect(deposit(6n)).to.be.revertedWithCustomError(net.portal, "Portal_Full").withArgs(5n, 6n);
  });
});
