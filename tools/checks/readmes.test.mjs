import { expect } from "chai";
import { checkLibraryPage, checkReadmes, readLibraryPage, readReadmes } from "./readmes.mjs";
import { readWorkspace } from "./workspace.mjs";

const text = `# @sprtn/clock-skew

Compares clocks.

## Flow

1. \`compare.ts\` compares; \`heads/\` holds what it compares with.

## Entry points

| import | what it contains |
|---|---|
| \`@sprtn/clock-skew\` | \`compare\` |
| \`@sprtn/clock-skew/settings\` | limits |

## Ports

Needs \`Clock\`.

## Example

\`\`\`ts
import { compare } from "@sprtn/clock-skew";
console.log(compare());
\`\`\`
`;
const manifest = { name: "@sprtn/clock-skew", exports: { ".": "./dist/index.js", "./settings": "./dist/settings.js" } };
const lib = {
  name: "clock-skew",
  manifest,
  text,
  source: "export function compare() {}",
  exists: path => ["src/compare.ts", "src/heads/"].includes(path),
};
const problemsOf = changes => checkReadmes([{ ...lib, ...changes }]).map(line => line.split("README.md: ")[1]);

describe("README check", () => {
  it("passes for every lib of the workspace", () => {
    const libs = readReadmes(readWorkspace());
    expect(libs.length).to.be.above(20);
    expect(checkReadmes(libs)).to.deep.equal([]);
    expect(checkLibraryPage(libs, readLibraryPage())).to.deep.equal([]);
  });

  it("reports a lib to which docs/library.md does not lead", () => {
    expect(checkLibraryPage([lib], "# Libraries")).to.deep.equal([
      "docs/library.md: name libs/clock-skew, with a link to its README",
    ]);
  });

  it("passes for a README with all that it must have", () => {
    expect(problemsOf({})).to.deep.equal([]);
  });

  it("reports a lib without one", () => {
    expect(problemsOf({ text: undefined })).to.deep.equal([
      "write one, with the sections Flow, Entry points, Ports, Example",
    ]);
  });

  it("reports a missing section", () => {
    expect(problemsOf({ text: text.replace("## Ports", "## Harbours") })).to.deep.equal([
      'the section "Ports" is missing',
    ]);
  });

  it("reports entry points that are not named, and names that are not entry points", () => {
    expect(problemsOf({ text: text.replace("clock-skew/settings", "clock-skew/options") })).to.deep.equal([
      "the table of entry points does not name @sprtn/clock-skew/settings",
      "the package has no entry point @sprtn/clock-skew/options",
    ]);
  });

  it("reports files and folders that have gone", () => {
    expect(problemsOf({ exists: () => false })).to.deep.equal(["compare.ts does not exist", "heads/ does not exist"]);
  });

  it("reports names that the code no longer has", () => {
    expect(problemsOf({ source: "export function difference() {}" })).to.deep.equal([
      "nothing in the code is named compare",
    ]);
  });

  it("reports an example that is missing or imports nothing of ours, and what is left to be written", () => {
    expect(problemsOf({ text: text.replace('from "@sprtn/clock-skew"', 'from "clocks"') })).to.deep.equal([
      "give an import example in a ```ts block",
    ]);
    expect(problemsOf({ text: text.replace("Compares clocks.", "TODO") })).to.deep.equal([
      "a TODO is left: write that part",
    ]);
  });
});
