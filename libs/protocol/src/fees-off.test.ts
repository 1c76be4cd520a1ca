import { expect } from "chai";
import fc from "fast-check";
import { constants, FEES_OFF, feesAreOff, nextBaseFees } from "./index.js";

const { initialBaseFees, gasTarget } = FEES_OFF;
const most = BigInt(constants.MAX_TXS_PER_BLOCK) * (2n ** 32n - 1n);

describe("a network without fees", () => {
  it("TX-2: has the same base fees after every block that there can be", () => {
    const gas = fc.oneof(fc.bigInt(0n, most), fc.constantFrom(0n, most));
    fc.assert(
      fc.property(gas, gas, (l2, da) => {
        expect(nextBaseFees(initialBaseFees, { l2, da }, gasTarget)).to.deep.equal(initialBaseFees);
      }),
    );
  });

  it("TX-2: has no target to spare: one below it, the fullest block raises the fee, which then never falls", () => {
    const raised = nextBaseFees(initialBaseFees, { l2: most, da: 0n }, { ...gasTarget, l2: gasTarget.l2 - 1n });
    expect(raised).to.deep.equal({ perL2Gas: 2n, perDaGas: 1n });
    expect(nextBaseFees(raised, { l2: 0n, da: 0n }, gasTarget)).to.deep.equal(raised);
  });

  it("is known by its parameters", () => {
    expect(feesAreOff(FEES_OFF)).to.equal(true);
    expect(feesAreOff({ initialBaseFees, gasTarget: { l2: gasTarget.l2 + 1n, da: gasTarget.da + 1n } })).to.equal(true);
    for (const kind of ["l2", "da"] as const)
      expect(feesAreOff({ initialBaseFees, gasTarget: { ...gasTarget, [kind]: gasTarget[kind] - 1n } })).to.equal(
        false,
      );
    for (const kind of ["perL2Gas", "perDaGas"] as const)
      expect(feesAreOff({ gasTarget, initialBaseFees: { ...initialBaseFees, [kind]: 2n } })).to.equal(false);
  });
});
