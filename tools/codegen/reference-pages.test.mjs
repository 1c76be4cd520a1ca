import { expect } from "chai";
import { filesBelow, root } from "../checks/workspace.mjs";
import { dirname, join, relative } from "node:path";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { libRows } from "./architecture-table.mjs";
import * as errors from "./error-reference.mjs";
import { isCurrent, readConstants } from "./generated-page.mjs";
import * as monitoring from "./monitoring-reference.mjs";
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

  it("docs/rpc.md says how far ahead committees are known", () => {
    const words = ["no", "one", "two", "three"];
    const { RANDAO_LAG_EPOCHS } = Object.assign({}, ...Object.values(readConstants()));
    const ahead = words[RANDAO_LAG_EPOCHS];
    expect(readFileSync(join(root, rpc.page), "utf8")).to.contain(`the current one or one of the next ${ahead};`);
  });

  it("docs/monitoring.md is what the libs declare: every metric, label and reason not to be ready", async () => {
    const { text, problems } = await monitoring.currentMonitoring();
    expect(problems).to.deep.equal([]);
    expect(isCurrent(monitoring.page, text), "run npm run docs").to.equal(true);
  });

  it("the pages name no metric that is not declared, and every metric begins with sprtn_", async () => {
    const names = (await monitoring.declaredMetrics()).map(({ name }) => name);
    expect(names.filter(name => !/^sprtn_[a-z\d_]+$/.test(name))).to.deep.equal([]);
    const named = filesBelow(join(root, "docs"), [".md"]).flatMap(
      path => readFileSync(path, "utf8").match(/\bsprtn_[a-z\d_]+/g) ?? [],
    );
    expect(named.length).to.be.at.least(names.length);
    expect(named.filter(name => !names.includes(name))).to.deep.equal([]);
  });

  it("docs/settings.md names every unit that amounts and durations take, and no other", async () => {
    const { durationMs, wei } = await import("../../libs/settings/dist/index.js");
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const short = [...letters, ...[...letters].flatMap(first => [...letters].map(second => first + second))];
    const words = new Set([...short, "gwei", "wei", "ether", "eth", "azt", "sec", "min", "day"]);
    const accepted = parser => [...words].filter(word => parser.read(`1000${word}`) !== undefined).sort();
    const said = what => {
      const [, list] = new RegExp(`${what} take ((?:\`\\w+\`[,\\s]*)+)`).exec(
        readFileSync(join(root, settings.page), "utf8"),
      );
      return [...list.matchAll(/`(\w+)`/g)].map(match => match[1]).sort();
    };
    expect(said("Durations")).to.deep.equal(accepted(durationMs()));
    expect(said("amounts")).to.deep.equal(accepted(wei));
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

  it("lists every text of a code, also beside a comment", () => {
    const thrown = 'throw new E(ThingErrorCode.GONE, "taken away");\nthrow new E(ThingErrorCode.GONE, `${x} is lost`);';
    const files = [{ path: "libs/thing/src/thing-error.ts", source: source + thrown }];
    const [{ codes }] = errors.collectCodes([{ name: "thing", files }]);
    expect(codes[0].texts).to.deep.equal(["It is not there: look elsewhere.", "taken away", "… is lost"]);
  });

  it("finds the texts of a table, of functions, of choices and of one code of two", () => {
    for (const [code, texts] of [
      ["{ code: ThingErrorCode.A,\n    pattern: /LOCKED/,\n    text: path => `in use: ${path}` },", ["in use: …"]],
      ["{ code: ThingErrorCode.A, text: (path: string) =>\n `in ` + `use` }", ["in use"]],
      ["fail(ThingErrorCode.A, many === 1 ? `one ${thing}` : `all ` + `of them`)", ["one …", "all of them"]],
      [
        'fail(ThingErrorCode.A, `${counted(all.get(x) - 1, "thing")} and ${counted(n, "fly", "flies")}`)',
        ["… things and … flies"],
      ],
      ["fail(late ? ThingErrorCode.A : ThingErrorCode.B, `no answer`)", ["no answer"]],
      ["const REASON = `not\n now`;\nreturn { code: ThingErrorCode.A, reason: REASON };", ["not\n now"]],
      ["{ code: ThingErrorCode.A,\n    more: 1,\n },\n { code: ThingErrorCode.B,\n text: `not its text` }", []],
      ["new Set([ThingErrorCode.A, ThingErrorCode.B, `not its text`])", []],
    ])
      expect(errors.textsOf([code], "ThingErrorCode", "A"), code).to.deep.equal(texts);
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

  it("finds in the source of readiness what it asks", () => {
    const asking = "if (archiver.synced()) return; f(archiver.trouble()); return [() => membership.problem()];";
    expect(monitoring.readinessQuestions(asking)).to.deep.equal([
      "archiver.synced",
      "archiver.trouble",
      "membership.problem",
    ]);
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
