import { expect } from "chai";
import { ValidatorErrorCode } from "@sprtn/validator";
import { readinessChecks, readinessOf, sharedReadinessChecks, type Unready } from "./readiness.js";

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

  it("is what the archiver, the watch on the own key (SIGN-1) and the validator set say", () => {
    const elsewhere = { code: ValidatorErrorCode.KEY_USED_ELSEWHERE, reason: "stop one of them" } as const;
    const [behind, inNoSet] = [wrong("L1_AWAY"), wrong("SEQUENCER_KEY_IN_NO_SET")];
    const say: { trouble?: Unready; alarm?: typeof elsewhere; problem?: Unready } = { trouble: behind };
    const chain = { archiver: { synced: () => say.trouble === undefined, trouble: () => say.trouble } };
    const key = { ownKeyWatch: { alarm: () => say.alarm } };
    const sequencer = { membership: { problem: () => say.problem } };
    const said = () => readinessOf(readinessChecks({ chain, key, sequencer }));
    expect(said()).to.deep.equal({ ready: false, ...behind });
    delete say.trouble;
    expect(said()).to.deep.equal({ ready: true });
    say.alarm = elsewhere;
    expect(said()).to.deep.equal({ ready: false, ...elsewhere });
    delete say.alarm;
    say.problem = inNoSet;
    expect(said()).to.deep.equal({ ready: false, ...inNoSet });
    // A node without a key has no part in this.
    expect(readinessOf(readinessChecks({ chain }))).to.deep.equal({ ready: true });
  });

  it("of nodes that share a process is that of all, and says whose trouble it is", () => {
    const alarms: (typeof elsewhere | undefined)[] = [undefined, undefined];
    const elsewhere = { code: ValidatorErrorCode.KEY_USED_ELSEWHERE, reason: "stop one of them" } as const;
    const nodes = alarms.map((_, i) => ({
      options: { name: `dense-${i}` },
      parts: {
        chain: { archiver: { synced: () => true, trouble: () => undefined } },
        key: { ownKeyWatch: { alarm: () => alarms[i] } },
        sequencer: { membership: { problem: () => undefined } },
      },
    }));
    const said = () => readinessOf(sharedReadinessChecks(nodes));
    expect(said()).to.deep.equal({ ready: true });
    alarms[1] = elsewhere;
    expect(said()).to.deep.equal({ ready: false, code: elsewhere.code, reason: "dense-1: stop one of them" });
  });
});
