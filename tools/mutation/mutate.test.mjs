import { expect } from "chai";
import { instrument } from "./mutate.mjs";

/** What `f` gives with each mutant at work, and without. */
async function outcomes(source, call) {
  const { code, mutants } = instrument(source, { firstId: 0 });
  const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const results = {};
  for (const { id, kind } of [{ id: -1, kind: "none" }, ...mutants]) {
    globalThis.isMutantAtWork = at => at === id;
    results[kind] = call(module);
  }
  return results;
}

describe("mutants of a module", () => {
  it("change one comparison at a time, and nothing without a mutant", async () => {
    const results = await outcomes("export const f = (a, b) => a < b;", ({ f }) => [f(1, 1), f(1, 2), f(2, 1)]);
    expect(results).to.deep.equal({
      none: [false, true, false],
      "< → <=": [true, true, false],
      "< → >=": [true, false, true],
    });
  });

  it("leave a statement out, and do not take an else away", async () => {
    const source = "export const f = a => { let r = []; if (a) r.push(1); else r.push(2); return r; };";
    const results = await outcomes(source, ({ f }) => [f(true), f(false)]);
    expect(results.none).to.deep.equal([[1], [2]]);
    expect(results["statement removed"]).to.deep.equal([[1], []]);
    expect(results.true).to.deep.equal([[1], [1]]);
  });

  it("keep an optional chain, a method's receiver and shorthands whole", async () => {
    const source = "export const f = o => { const { x = 1 } = o; return [o.y?.list.some(i => i > 0), x, { x }]; };";
    const results = await outcomes(source, ({ f }) => f({}));
    expect(results.none).to.deep.equal([undefined, 1, { x: 1 }]);
    expect(results["1 + 1"]).to.deep.equal([undefined, 2, { x: 2 }]);
  });

  it("leave alone what is logged for whoever debugs, not what operators read", () => {
    const kinds = source => instrument(source, { firstId: 0 }).mutants.map(({ kind }) => kind);
    expect(kinds("logger.debug('a', { b: 1 + 1 }); this.dependencies.logger.verbose('c', 1);")).to.deep.equal([]);
    expect(kinds("this.seconds = this.dependencies.meter.histogram({ buckets: [1, 2] });")).to.deep.equal([
      "statement removed",
    ]);
    expect(kinds("const text = `a ${b} ` + 'c' + d;")).to.deep.equal([]);
    expect(kinds("logger.warn('a');")).to.deep.equal(["statement removed"]);
  });

  it("leave alone what an enum declares", () => {
    const kinds = source => instrument(source, { firstId: 0 }).mutants.map(({ kind }) => kind);
    expect(kinds('Code["NAME"] = "TEXT";')).to.deep.equal([]);
    expect(kinds("record[name] = text;")).to.deep.equal(["statement removed"]);
  });

  it("leave alone a method that every object has", () => {
    expect(
      instrument("export const f = a => a.toString() + a.valueOf();", { firstId: 0 }).mutants.map(({ kind }) => kind),
    ).to.deep.equal(["+ → -"]);
  });

  it("know where they stand", () => {
    const [mutant] = instrument("\n  export const f = a => !a;", { firstId: 7 }).mutants;
    expect(mutant).to.deep.include({ id: 7, line: 2, original: "!a", replacement: "a" });
  });
});
