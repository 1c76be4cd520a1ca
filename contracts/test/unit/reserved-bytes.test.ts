import { expect } from "chai";
import { network } from "../support/fixture.ts";
import { networkHelpers } from "../support/network.ts";

describe("a header's reserved bytes", () => {
  it("PEND-1: are zero, each of the four", async () => {
    const { chain, rollup } = await network();
    await chain.enter(1);
    await networkHelpers.mine();
    for (const byte of [0, 1, 2, 3]) {
      const block = await chain.build(1, { reserved: 2 ** (8 * byte) });
      await expect(chain.send(block, await chain.sign(block)), `byte ${byte}`).to.be.revertedWithCustomError(
        rollup,
        "Pend1_ReservedNotZero",
      );
    }
  });
});
