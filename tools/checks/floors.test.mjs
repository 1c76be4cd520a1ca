import { expect } from "chai";
import { checkFloors } from "./floors.mjs";

const rules = {
  order: ["F0", "F1", "F4", "F5", "F6"],
  pure: ["F0", "F1"],
  sameFloor: { wide: ["low"] },
  testEdges: { low: ["sink"] },
};

/** A project with one source file; its imports are its dependencies unless told. */
function project(name, floor, { imports = [], source = "", file = "index.ts", dependencies = imports } = {}) {
  const packages = dependencies.filter(specifier => !specifier.startsWith(".") && !specifier.startsWith("node:"));
  const manifest = {
    name: `@x/${name}`,
    dependencies: Object.fromEntries(packages.map(dependency => [dependency.split("/").slice(0, 2).join("/"), "0"])),
  };
  return {
    name,
    floor,
    manifest,
    dir: `/repo/libs/${name}`,
    files: [{ path: `libs/${name}/src/${file}`, source, imports }],
  };
}

const low = project("low", "F1");
const store = project("store", "F4");
const sink = project("sink", "F4");

describe("floor check", () => {
  it("lets imports go down", () => {
    expect(
      checkFloors([low, project("upper", "F4", { imports: ["@x/low", "node:fs", "./near.js"] })], rules),
    ).to.deep.equal([]);
  });

  it("reports an upward import", () => {
    const [problem, ...others] = checkFloors([store, project("below", "F1", { imports: ["@x/store"] })], rules);
    expect(problem).to.equal("libs/below/src/index.ts: F1 below imports F4 store");
    expect(others).to.deep.equal(["libs/below/src/index.ts: a pure floor imports store"]);
  });

  it("reports a sideways import, but for a listed edge", () => {
    expect(checkFloors([store, project("station", "F4", { imports: ["@x/store"] })], rules)).to.deep.equal([
      "libs/station/src/index.ts: F4 station imports F4 store",
    ]);
    expect(checkFloors([low, project("wide", "F1", { imports: ["@x/low"] })], rules)).to.deep.equal([]);
  });

  it("reports a deep import of another package like any other", () => {
    expect(checkFloors([store, project("station", "F4", { imports: ["@x/store/settings"] })], rules)).to.have.length(1);
  });

  it("reports a pure floor's fake that touches the host, because pages bundle it", () => {
    const found = (file, folders) =>
      checkFloors([project("testing", "F1", { file, imports: ["node:net"] })], { ...rules, hostFolders: folders });
    expect(found("fake.ts")).to.deep.equal(["libs/testing/src/fake.ts: a pure floor imports node:net"]);
    expect(found("server/fake.ts", ["libs/testing/src/server"])).to.deep.equal([]);
    expect(found("server-fake.ts", ["libs/testing/src/server"])).to.have.length(1);
    expect(found("fake.test.ts")).to.deep.equal([]);
  });

  it("reports what a pure folder touches, whatever its floor", () => {
    const folder = { ...rules, pureFolders: ["libs/app/src/assemble"] };
    const found = (file, more) => checkFloors([project("app", "F5", { file, ...more })], folder);
    const touching = {
      "node:fs": { imports: ["node:fs"] },
      "@sprtn/observability/system": { imports: ["@sprtn/observability/system"] },
      "reads the clock": { source: "const now = Date.now();" },
      "sets a timer": { source: "setTimeout(look, 5);" },
      "reads randomness": { source: "const x = Math.random();" },
      "reads the environment": { source: "const port = process.env.PORT;" },
      "reads the network": { source: "return fetch(url);" },
    };
    for (const [what, more] of Object.entries(touching)) {
      const problems = found("assemble/chain.ts", more);
      expect(problems, what).to.have.length(1);
      expect(problems[0]).to.contain(what);
      expect(found("chain.ts", more), what).to.deep.equal([]);
      expect(found("assemble/chain.test.ts", more), what).to.deep.equal([]);
    }
    expect(found("assemble/chain.ts", { source: "clock.setTimeout(look, 5); clock.nowMs();" })).to.deep.equal([]);
  });

  it("lets a test use a listed test edge, code not", () => {
    const asTest = project("low", "F1", { imports: ["@x/sink"], file: "low.test.ts" });
    expect(checkFloors([sink, asTest], rules)).to.deep.equal([]);
    expect(checkFloors([sink, project("low", "F1", { imports: ["@x/sink"] })], rules).length).to.be.above(0);
  });

  it("reports a pure floor that touches node, clock, randomness, environment or network", () => {
    const found = checkFloors(
      [
        project("pure", "F1", {
          imports: ["node:fs"],
          source: "const a = Date.now(), b = Math.random(), c = process.env.X; await fetch(a);",
        }),
      ],
      rules,
    );
    expect(found.map(problem => problem.split(": ")[1])).to.have.members([
      "a pure floor imports node:fs",
      "a pure floor reads the clock",
      "a pure floor reads randomness",
      "a pure floor reads the environment",
      "a pure floor reads the network",
    ]);
  });

  it("reports an undeclared dependency, its own name, and tsyringe outside wiring", () => {
    expect(checkFloors([project("a", "F4", { imports: ["left-pad"], dependencies: [] })], rules)[0]).to.contain(
      "left-pad is not in a's package.json; add it, run npm install && npm run sync",
    );
    expect(checkFloors([project("a", "F4", { imports: ["@x/a"], dependencies: [] })], rules)).to.contain(
      "libs/a/src/index.ts: imports its own package by name",
    );
    expect(checkFloors([project("a", "F4", { imports: ["tsyringe"] })], rules)).to.deep.equal([
      "libs/a/src/index.ts: only wiring imports tsyringe",
    ]);
    expect(checkFloors([project("wiring", "F5", { imports: ["tsyringe"] })], rules)).to.deep.equal([]);
  });

  it("reports circles and a missing floor", () => {
    const circle = [project("a", "F4", { dependencies: ["@x/b"] }), project("b", "F4", { dependencies: ["@x/a"] })].map(
      each => ({
        ...each,
        manifest: { ...each.manifest, name: each.name, dependencies: each.name === "a" ? { b: "0" } : { a: "0" } },
      }),
    );
    expect(checkFloors(circle, rules)).to.deep.equal(["a circle of packages: a → b → a"]);
    expect(checkFloors([project("lost", undefined)], rules)[0]).to.contain("needs an nx tag floor:");
  });
});
