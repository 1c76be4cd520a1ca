import { expect } from "chai";
import { network } from "../support/fixture.ts";

describe("availability oracle's refusals", () => {
  it("PEND-5: name the length that was given", async () => {
    const { oracle } = await network();
    for (const [effects, length] of [
      ["0x", 0n],
      ["0x00", 1n],
    ] as const) {
      await expect(oracle.publishEffects(effects))
        .to.be.revertedWithCustomError(oracle, "Pend5_WrongEffectsLength")
        .withArgs(length);
    }
  });
});
