import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { removeStaleOutputs } from "./remove-stale.mjs";

const kinds = [".js", ".js.map", ".d.ts", ".d.ts.map"];

describe("stale outputs", () => {
  let project;
  beforeEach(() => (project = mkdtempSync(join(tmpdir(), "stale-"))));
  afterEach(() => rmSync(project, { recursive: true }));

  function write(...paths) {
    for (const path of paths) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), "");
    }
  }
  const outputs = name => kinds.map(kind => `dist/${name}${kind}`);
  const kept = () => readdirSync(join(project, "dist"), { recursive: true }).filter(path => path.includes("."));

  it("go with their source, in folders too", () => {
    write("src/a.ts", ...outputs("a"), ...outputs("gone.test"), ...outputs("deep/gone"));
    expect(removeStaleOutputs(project)).to.have.length(8);
    expect(kept().toSorted()).to.deep.equal(kinds.map(kind => `a${kind}`).toSorted());
    expect(removeStaleOutputs(project)).to.deep.equal([]);
  });

  it("are nothing that tsc did not make", () => {
    write("src/a.ts", "dist/.tsbuildinfo", "dist/tx_base.json", "dist/deep/key.vk", "dist/assets/ui/page-1a2b.js");
    expect(removeStaleOutputs(project)).to.deep.equal([]);
    expect(kept()).to.have.length(4);
  });

  it("are looked for only in a project with sources and outputs", () => {
    write("dist/a.js");
    expect(removeStaleOutputs(project)).to.deep.equal([]);
    rmSync(join(project, "dist"), { recursive: true });
    write("src/a.ts");
    expect(removeStaleOutputs(project)).to.deep.equal([]);
  });
});
