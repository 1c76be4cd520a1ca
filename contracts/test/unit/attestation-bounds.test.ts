import { expect } from "chai";
import { concat, dataSlice } from "ethers";
import { network, type Network } from "../support/fixture.ts";
import { networkHelpers } from "../support/network.ts";

/** PEND-4 where a committee fills its last byte of the bitmap, or begins another. */
describe("signatures of committees of 4, 8 and 9", () => {
  let net: Network;
  const of = async (size: number) => (net = await network(size, { committeeSize: size }));

  /** A block of `slot` with the signatures of some, L1's clock being in that slot. */
  async function signed(slot: number, signers: readonly number[]) {
    await net.chain.enter(slot);
    await networkHelpers.mine();
    const block = await net.chain.build(slot);
    return { block, signatures: await net.chain.sign(block, signers) };
  }
  const upTo = (size: number) => Array.from({ length: size }, (_, index) => index);

  it("PEND-4: a refusal names the length that it expects", async () => {
    await of(4);
    const { block, signatures } = await signed(2, [0, 1, 2]);
    for (const [length, expected] of [
      [0, 2n],
      [1, 2n],
      [2, 3n],
      [3, 215n],
      [214, 215n],
    ] as const) {
      await expect(net.chain.send(block, dataSlice(signatures, 0, length)))
        .to.be.revertedWithCustomError(net.rollup, "Pend4_WrongLength")
        .withArgs(expected, BigInt(length));
    }
  });

  it("PEND-4: a refusal names the member whose signature is none", async () => {
    await of(4);
    const { block, signatures } = await signed(2, [0, 1, 2]);
    for (const member of [0, 2]) {
      const at = 3 + 64 * member;
      const broken = concat([dataSlice(signatures, 0, at), new Uint8Array(32), dataSlice(signatures, at + 32)]);
      await expect(net.chain.send(block, broken))
        .to.be.revertedWithCustomError(net.rollup, "Pend4_InvalidSignature")
        .withArgs(BigInt(member));
    }
  });

  it("COM-3: all of 8, and the last of them among the quorum", async () => {
    for (const signers of [upTo(8), [1, 2, 3, 5, 6, 7]]) {
      await of(8);
      const { block, signatures } = await signed(7, signers);
      await expect(net.chain.send(block, signatures)).to.emit(net.rollup, "L2PendingBlockProcessed");
    }
  });

  it("COM-3: all of 9, and the ninth among the quorum", async () => {
    for (const signers of [upTo(9), [1, 2, 3, 4, 5, 6, 8]]) {
      await of(9);
      const { block, signatures } = await signed(8, signers);
      await expect(net.chain.send(block, signatures)).to.emit(net.rollup, "L2PendingBlockProcessed");
    }
  });

  it("PEND-3: the ninth did not sign, whoever else did", async () => {
    await of(9);
    const { block, signatures } = await signed(8, upTo(8));
    await expect(net.chain.send(block, signatures))
      .to.be.revertedWithCustomError(net.rollup, "Pend3_ProposerDidNotSign")
      .withArgs(8n);
  });

  it("PEND-4: there is no tenth of 9", async () => {
    await of(9);
    const { block, signatures } = await signed(8, upTo(9));
    const tenth = concat([dataSlice(signatures, 0, 3), "0x03", dataSlice(signatures, 4)]);
    await expect(net.chain.send(block, tenth)).to.be.revertedWithCustomError(net.rollup, "Pend4_BitBeyondCommittee");
  });
});
