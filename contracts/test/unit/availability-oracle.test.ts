import { expect } from "chai";
import { concat } from "ethers";
import { fakeEffect } from "../support/chain.ts";
import { network, type Network } from "../support/fixture.ts";
import { effectsRoot, zero32 } from "../support/header.ts";
import { networkHelpers } from "../support/network.ts";

describe("availability oracle", () => {
  let net: Network;
  const fixture = () => network();
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
  });
  const txs = (count: number, from = 0) =>
    concat(Array.from({ length: count }, (_, index) => fakeEffect(from + index)));
  const refused = async (error: string, attempt: Promise<unknown>) =>
    expect(attempt).to.be.revertedWithCustomError(net.oracle, error);

  async function inChunks(sizes: number[], last: number) {
    const chunks = sizes.map((size, index) => txs(size, index * 1000));
    const lastEffects = txs(last, 900_000);
    await net.chain.enter(1, 0);
    await networkHelpers.mine();
    for (const chunk of chunks) await net.oracle.publishEffects(chunk);
    const roots = chunks.map(effectsRoot);
    const whole = effectsRoot(concat([...chunks, lastEffects]));
    const block = await net.chain.build(1, { daHash: whole, txCount: sizes.reduce((sum, size) => sum + size, last) });
    const signatures = await net.chain.sign(block);
    const send = (list = roots) =>
      net.oracle.publishAndProposeChunks(list, lastEffects, block.encoded, block.archive, signatures);
    return { roots, whole, send, all: last === 0 ? roots : [...roots, effectsRoot(lastEffects)] };
  }

  for (const [sizes, last] of [
    [[128], 5],
    [[128, 128], 1],
    [[128, 128], 0],
    [[128, 3], 0],
    [[], 4],
    [[128], 128],
  ] as const) {
    it(`combines chunks of [${sizes.join(", ")}] and ${last} into the left-filled root`, async () => {
      const { whole, send, all } = await inChunks([...sizes], last);
      const sent = send();
      await expect(sent).to.emit(net.oracle, "EffectsCombined").withArgs(whole, all);
      await expect(sent).to.emit(net.rollup, "L2PendingBlockProcessed");
    });
  }
  it("PEND-5: refuses chunks that are short, absent or in another order", async () => {
    const { roots, send } = await inChunks([128, 128], 2);
    await refused("Pend5_ChunkNotPublished", send([roots[0]!, zero32]));
    await expect(send(roots.toReversed())).to.be.revertedWithCustomError(net.rollup, "Pend5_EffectsNotAvailable");
    await net.oracle.publishEffects(txs(3));
    await refused("Pend5_ChunkNotFull", send([effectsRoot(txs(3)), roots[0]!]));
  });
  it("PEND-5: refuses chunks that are too long, in the middle and at the end", async () => {
    const { send } = await inChunks([129, 1], 0);
    await refused("Pend5_ChunkNotFull", send());
    net = await networkHelpers.loadFixture(fixture);
    const last = await inChunks([128, 129], 0);
    await refused("Pend5_ChunkTooLong", last.send());
    net = await networkHelpers.loadFixture(fixture);
    const alone = await inChunks([129], 0);
    await refused("Pend5_ChunkTooLong", alone.send());
  });
  it("PEND-5: refuses bytes that are no whole effects", async () => {
    await refused("Pend5_WrongEffectsLength", net.oracle.publishEffects("0x00"));
    await refused("Pend5_WrongEffectsLength", net.oracle.publishEffects("0x"));
    await refused("Pend5_WrongEffectsLength", net.oracle.publishAndProposeChunks([], txs(129), "0x", zero32, "0x"));
  });
  it("PEND-5: what was published for one transaction is gone in the next", async () => {
    const { block } = await net.chain.propose(1);
    expect(await net.oracle.isHeaderAvailable(block.hash)).to.equal(false);
    expect(await net.oracle.areEffectsAvailable(block.header.daHash)).to.equal(false);
    await net.oracle.publishHeader(block.encoded);
    await net.oracle.publishEffects(block.effects);
    expect([...(await net.oracle.availability(block.hash, block.header.daHash))]).to.deep.equal([true, true]);
  });
  it("a block without transactions has nothing to publish", async () => {
    const { block, response } = await net.chain.propose(1, {}, 0);
    expect(block.header.daHash).to.equal(zero32);
    await expect(response).not.to.emit(net.oracle, "EffectsPublished");
  });
});
