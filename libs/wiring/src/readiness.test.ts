import { expect } from "chai";
import { readinessOf, type Unready } from "./readiness.js";

describe("readiness", () => {
  const wrong = (code: string): Unready => ({ code, reason: `${code}: do this` });

  it("holds when nothing is wrong", () => {
    expect(readinessOf([])).to.deep.equal({ ready: true });
    expect(readinessOf([() => undefined, () => undefined])).to.deep.equal({ ready: true });
  });

  it("tells the first thing that is wrong, with its code, and looks anew each time", () => {
    let alarm: Unready | undefined = wrong("VALIDATOR_KEY_USED_ELSEWHERE");
    const checks = [() => undefined, () => alarm, () => wrong("LATER")];
    expect(readinessOf(checks)).to.deep.equal({ ready: false, ...alarm });
    alarm = undefined;
    expect(readinessOf(checks)).to.deep.equal({ ready: false, ...wrong("LATER") });
  });
});
