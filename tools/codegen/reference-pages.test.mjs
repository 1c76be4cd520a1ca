import { expect } from "chai";
import { filesBelow, root } from "../checks/workspace.mjs";
import { dirname, join, relative } from "node:path";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { libRows } from "./architecture-table.mjs";
import * as errors from "./error-reference.mjs";
import { isCurrent } from "./generated-page.mjs";
import * as rpc from "./rpc-reference.mjs";
import * as settings from "./settings-reference.mjs";

/** Markdown beside the top-level folders. */
function topPages() {
  return readdirSync(root)
    .filter(name => name.endsWith(".md"))
    .map(name => join(root, name));
}

describe("reference pages", () => {
  it("docs/settings.md is what the programs parse", async () => {
    expect(isCurrent(settings.page, await settings.settingsReference()), "run npm run docs").to.equal(true);
  });

  it("docs/errors.md is what the sources say, and no code is mute or stands for two things", () => {
    const { text, problems } = errors.currentReference();
    expect(problems).to.deep.equal([]);
    expect(isCurrent(errors.page, text), "run npm run docs").to.equal(true);
  });

  it("docs/rpc.md is what the server serves", async () => {
    expect(isCurrent(rpc.page, await rpc.rpcReference()), "run npm run docs").to.equal(true);
  });

  it("docs/architecture.md lists every package, and no other", () => {
    const lines = readFileSync(join(root, "docs/architecture.md"), "utf8").split("\n");
    expect(lines.filter(line => /^\| F\d \|/.test(line))).to.deep.equal(libRows());
  });

  const pages = [...filesBelow(join(root, "docs"), [".md"]), ...topPages()];
  for (const path of pages)
    it(`${relative(root, path)} links to files that exist`, () => {
      const links = [...readFileSync(path, "utf8").matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(match => match[1]);
      expect(links.filter(link => !existsSync(join(dirname(path), link)))).to.deep.equal([]);
    });

  it("the README stays short: 6 KB", () => {
    expect(readFileSync(join(root, "README.md")).length).to.be.at.most(6 * 1024);
  });

  it("lists no reported code that is gone", () => {
    const sources = filesBelow(join(root, "libs"), [".ts"]).map(path => readFileSync(path, "utf8"));
    for (const code of Object.keys(errors.reportedOnly))
      expect(
        sources.some(source => source.includes(`"${code}"`)),
        code,
      ).to.equal(true);
  });
});

describe("reading codes from sources", () => {
  const source = `
/** Why a thing is refused. */
export enum ThingErrorCode {
  /** It is not there:
   * look elsewhere. */
  GONE = "THING_GONE",
  BIG = "THING_BIG",
  MUTE = "THING_MUTE",
}
throw new ThingError(ThingErrorCode.BIG, \`\${size} bytes are too many\${hint ? \`: \${hint}\` : ""}, send "less"\`);
`;
  const project = { name: "thing", files: [{ path: "libs/thing/src/thing-error.ts", source }] };

  it("takes the comment above a code, else the text it is thrown with", () => {
    const [group] = errors.collectCodes([project]);
    expect(group.prose).to.equal("Why a thing is refused.");
    expect(group.codes).to.deep.equal([
      { code: "THING_GONE", texts: ["It is not there: look elsewhere."] },
      { code: "THING_BIG", texts: ['… bytes are too many…, send "less"'] },
      { code: "THING_MUTE", texts: [] },
    ]);
  });

  it("finds the text in a variable or a field", () => {
    expect(
      errors.textsOf(["const text = `no ${what} here`;\nthrow new E(ThingErrorCode.A, text);"], "ThingErrorCode", "A"),
    ).to.deep.equal(["no … here"]);
    expect(
      errors.textsOf(['return { code: ThingErrorCode.A, reason: "too late" };'], "ThingErrorCode", "A"),
    ).to.deep.equal(["too late"]);
  });

  it("reports a code without a text, and one that is given twice, unless it is a transaction's", () => {
    const groups = errors.collectCodes([project]);
    expect(errors.mute(groups)).to.have.length(1);
    const twice = code => [
      {
        project: "a",
        codes: [
          { code, texts: ["x"] },
          { code, texts: ["y"] },
        ],
      },
    ];
    expect(errors.duplicates(twice("THING_BIG"))).to.have.length(1);
    expect(errors.duplicates(twice("TX_EXPIRED"))).to.deep.equal([]);
  });

  it("reads custom errors from Solidity", () => {
    const [{ contract, errors: found }] = errors.contractErrors([
      {
        path: "src/interfaces/IThing.sol",
        source: "    /// @notice Not yours.\n    error Thing_Taken(address by);\n    error Thing_Gone();\n",
      },
    ]);
    expect(contract).to.equal("Thing");
    expect(found).to.deep.equal([
      { name: "Thing_Taken", parameters: "address by", prose: "Not yours." },
      { name: "Thing_Gone", parameters: "", prose: "" },
    ]);
  });
});
