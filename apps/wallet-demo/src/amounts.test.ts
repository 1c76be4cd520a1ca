import { expect } from "chai";
import { shortfall, shown } from "./amounts.js";

const AZT = 10n ** 18n;
const amounts = { deposit: 5n * AZT, shield: 3n * AZT, payment: 2n * AZT, unshield: AZT, withdrawal: AZT / 2n };

describe("amounts", () => {
  it("shows every digit and no more", () => {
    expect(shown(1_500_000_000_000_000_000n)).to.equal("1.5");
    expect(shown(1n)).to.equal("0.000000000000000001");
    expect(shown(-2n * AZT)).to.equal("-2");
    expect(shown(0n)).to.equal("0");
  });

  it("wants room for the fee of every step", () => {
    expect(shortfall(amounts)).to.equal(undefined);
    expect(shortfall({ ...amounts, shield: 5n * AZT }))
      .to.contain("DEMO_SHIELD")
      .and.contain("DEMO_DEPOSIT");
    expect(shortfall({ ...amounts, withdrawal: AZT })).to.contain("DEMO_WITHDRAWAL");
    expect(shortfall({ ...amounts, withdrawal: 0n })).to.contain("above 0");
  });
});
