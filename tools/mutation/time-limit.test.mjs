import { expect } from "chai";
import { judgeMutant, processorMs } from "./time-limit.mjs";

describe("time limits of mutants", () => {
  const answers = list => async () => list.shift();
  const good = answers([{}]);

  it("a mutant that hangs twice, while the same tests run well without it, is killed", async () => {
    expect(await judgeMutant(answers([{ hung: true }, { hung: true }]), answers([{}]))).to.deep.equal({
      result: "killed",
    });
    const timeout = { killedBy: { file: "a.test.js", isTimeout: true } };
    const killed = { result: "killed", by: "a.test.js" };
    expect(await judgeMutant(answers([timeout, timeout]), answers([{}]))).to.deep.equal(killed);
  });

  it("a mutant whose process dies twice, while the same tests live without it, is killed", async () => {
    const died = { died: true, at: { title: "t", file: "a" } };
    const killed = { result: "killed", by: "a" };
    expect(await judgeMutant(answers([died, died]), answers([{}]))).to.deep.equal(killed);
    expect(await judgeMutant(answers([died, {}]), answers([{}]))).to.deep.equal({ result: "survived" });
    expect(await judgeMutant(answers([died]), answers([died]))).to.equal(undefined);
    // A process that has met no other mutant dies of this one.
    expect(await judgeMutant(answers([{ ...died, isFresh: true }]))).to.deep.equal(killed);
  });

  it("a machine that was slow once kills nothing", async () => {
    expect(await judgeMutant(answers([{ hung: true }, {}]), answers([{}]))).to.deep.equal({ result: "survived" });
  });

  it("a machine that is slow without a mutant says nothing of it", async () => {
    const slow = answers([{ killedBy: { isTimeout: true } }]);
    expect(await judgeMutant(answers([{ hung: true }]), slow)).to.equal(undefined);
  });

  it("a test that fails kills at once", async () => {
    expect(await judgeMutant(answers([{ killedBy: { file: "a" } }]))).to.deep.equal({ result: "killed", by: "a" });
    expect(await judgeMutant(good)).to.deep.equal({ result: "survived" });
  });

  it("a test that fails without the mutant too says nothing of it", async () => {
    const failure = { killedBy: { file: "a", title: "t" } };
    const killers = [];
    const killer = outcome => async title => (killers.push(title), outcome);
    expect(await judgeMutant(answers([failure]), undefined, killer(failure))).to.equal(undefined);
    expect(await judgeMutant(answers([failure]), undefined, killer({ died: true }))).to.equal(undefined);
    expect(await judgeMutant(answers([failure]), undefined, killer({}))).to.deep.equal({ result: "killed", by: "a" });
    expect(killers).to.deep.equal(["t", "t", "t"]);
  });

  it("work is counted in processor time", () => {
    const before = processorMs(process.pid);
    let sum = 0;
    for (let i = 0; i < 2e7; i++) sum += i;
    expect(sum).to.be.greaterThan(0);
    if (before !== undefined) expect(processorMs(process.pid)).to.be.at.least(before);
  });
});
