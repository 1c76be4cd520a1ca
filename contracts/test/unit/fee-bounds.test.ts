import { expect } from "chai";
import { ethers } from "../support/network.ts";

describe("TX-2: base fees at their bounds", () => {
  const max = 2n ** 64n - 1n;
  const target = 100n;

  it("are at least 1, and at most 2^64 − 1", async () => {
    const harness = await ethers.deployContract("VectorHarness");
    const next = (fee: bigint, used: bigint) => harness.getFunction("nextBaseFee")(fee, used, target);
    for (const [fee, used, expected] of [
      [0n, 0n, 1n],
      [0n, target, 1n],
      [0n, target + 1n, 1n],
      [1n, 0n, 1n],
      [1n, target, 1n],
      [1n, target + 1n, 2n],
      [8n, 0n, 7n],
      [max, 2n * target, max],
      [max - 1n, target + 1n, max],
      [max, target, max],
      // One more than this would be too much: an eighth of it is added.
      [(max * 8n) / 9n, 2n * target, (max * 8n) / 9n + max / 9n],
    ] as const) {
      expect(await next(fee, used), `${fee} after ${used}`).to.equal(expected);
    }
  });
});
