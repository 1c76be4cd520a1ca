import { readFileSync } from "node:fs";
import { expect } from "chai";
import { gasLimits, proposeGasLimit, publishGasLimit, setupEpochGasLimit, totalGasLimit } from "./gas-limits.js";

/** What calls were measured to use (contracts/snapshots). */
const gas = JSON.parse(
  readFileSync(new URL("../../../../contracts/snapshots/gas.json", import.meta.url), "utf8"),
) as Readonly<Record<string, string>>;

function used(call: string): number {
  expect(gas, "contracts/snapshots/gas.json").to.have.property(call);
  return Number(gas[call]);
}

/** EIP-7825. */
const MOST = 2n ** 24n;

describe("gas limits", () => {
  for (const [committee, signatures] of [
    [16, 11],
    [48, 33],
  ] as const) {
    const setup = `setupEpoch, committee of ${committee}`;

    it(`of setting up an epoch hold what it uses, with a committee of ${committee}`, () => {
      expect(Number(setupEpochGasLimit(committee))).to.be.above(used(setup));
    });

    it(`of an epoch's first proposal hold the draw of ${committee} members as well, whatever the set's size`, () => {
      const proposal = used(`publishAndPropose, 1 tx, ${signatures} of ${committee}`);
      expect(Number(proposeGasLimit(0, committee))).to.be.above(proposal + used(setup));
      // Drawing from a million costs no more than from as many as are drawn.
      expect(used("setupEpoch, committee of 48 of 1,000,000, without reading the members")).to.be.below(
        used("setupEpoch, committee of 48"),
      );
    });
  }

  it("of a proof hold what verifying a real one uses", () => {
    expect(Number(gasLimits.submitProof)).to.be.above(used("processProvenBlock, 32 blocks, with a real proof"));
  });

  it("of effects hold L1's floor price of a byte that is not zero (EIP-7623)", () => {
    for (const bytes of [0, 1, 100_000]) expect(Number(publishGasLimit(bytes))).to.be.at.least(21_000 + 40 * bytes);
  });

  it("of several calls together are at most what a transaction may have", () => {
    expect(totalGasLimit([MOST - 1n])).to.equal(MOST - 1n);
    expect(totalGasLimit([MOST - 1n, 1n])).to.equal(MOST);
    expect(totalGasLimit([MOST, 1n])).to.equal(MOST);
  });
});
