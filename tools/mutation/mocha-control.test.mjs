import { expect } from "chai";
import Mocha from "mocha";
import { limitTests, patternOf } from "./mocha-control.mjs";

/** A run of what is in `mocha`, again and again. @returns the failures' codes */
function run(mocha) {
  mocha.cleanReferencesAfterRun(false);
  mocha.reporter(function silent() {});
  const codes = [];
  return new Promise(resolve => {
    const runner = mocha.run(() => resolve(codes));
    runner.on("fail", (_, error) => codes.push(error.code));
  });
}

describe("mocha under control", () => {
  it("runs exactly the titles that are asked for", () => {
    expect(["a b", "a b c", "a"].filter(title => patternOf(["a b"]).test(title))).to.deep.equal(["a b"]);
    expect(patternOf([]).test("a")).to.equal(false);
    expect(patternOf(["is (1 + 1)?"]).test("is (1 + 1)?")).to.equal(true);
  });

  it("a limit that is set between runs leaves no timer behind that goes off in the next", async () => {
    const mocha = new Mocha();
    const { promise: later, resolve } = Promise.withResolvers();
    let runs = 0;
    mocha.suite.addTest(new Mocha.Test("quick", async () => {}));
    mocha.suite.addTest(new Mocha.Test("waits from the second run on", () => (++runs === 1 ? undefined : later)));
    limitTests(mocha.suite, 10_000);
    expect(await run(mocha)).to.deep.equal([]);
    limitTests(mocha.suite, 20);
    const [quick, waits] = mocha.suite.tests;
    expect([quick.timer, waits.timer]).to.deep.equal([undefined, undefined]);
    expect(await run(mocha)).to.deep.equal(["ERR_MOCHA_TIMEOUT"]);
    resolve();
  });
});
