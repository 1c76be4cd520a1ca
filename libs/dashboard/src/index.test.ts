import { readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { assetsFolder } from "./index.js";

/** Bytes of all that a reader loads, compressed. */
const LIMIT = 60_000;

describe("the built page", () => {
  const folder = assetsFolder();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
  const html = readFileSync(join(folder, "index.html"), "utf8");

  it("is in a folder with an absolute path", () => {
    expect(isAbsolute(folder)).to.equal(true);
    expect(files.map(file => file.slice(folder.length + 1).replace(/-[\w-]{8}\./, "-*.")).toSorted()).to.deep.equal([
      "index.html",
      "ui/index-*.css",
      "ui/index-*.js",
    ]);
  });

  it("has one place for the snapshot, which no script reads as code", () => {
    expect(html.match(/<!--snapshot-->/g)).to.have.length(1);
    expect(html).to.include('<script id="snapshot" type="application/json"><!--snapshot--></script>');
  });

  it("has no inline script and no inline style", () => {
    const scripts = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(scripts).to.have.length(2);
    expect(scripts.filter(one => !/src=|application\/json/.test(one ?? ""))).to.deep.equal([]);
    expect(html).to.not.match(/<style|\sstyle=|\son\w+=/);
  });

  it(`is at most ${LIMIT} bytes, compressed`, () => {
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
    expect(bytes).to.be.within(10_000, LIMIT);
  });
});
