import { expect } from "chai";
import { checkCommands, readCommands } from "./commands.mjs";

const there = {
  flags: new Set(["--aztec-port", "--help"]),
  scripts: folder => new Set(folder === "docs/samples" ? ["monitor"] : folder === "." ? ["build", "docs:api"] : []),
  projects: new Set(["node"]),
  exists: path => ["apps/node/bin/node", "docs/settings.md"].includes(path),
  source: 'env: "AZTEC_PORT"',
};

const problems = (text, path = "docs/start.md") => checkCommands({ ...there, pages: [{ path, text }] });

describe("commands that a page names", () => {
  it("passes what exists, in blocks and in prose", () => {
    const text = [
      "```sh",
      "npm run docs:api && apps/node/bin/node --aztec-port 0 --help   # AZTEC_PORT; see `docs/settings.md`",
      "```",
      "`npm run build`, then `npx nx test node`, `AZTEC_PORT` and `--aztec-port`. Other --words are words.",
    ].join("\n");
    expect(problems(text)).to.deep.equal([]);
  });

  for (const [text, problem] of [
    ["`npm start -- --aztec-prot 0`", "no program has the flag --aztec-prot"],
    ["```sh\nnode x --gone\n```", "no program has the flag --gone"],
    ["```\nnode x --gone=1\n```", "no program has the flag --gone"],
    ["`npm run biuld`", "there is no script biuld: npm run biuld fails"],
    ["`npm run monitor`", "there is no script monitor: npm run monitor fails"],
    ["```sh\nnpx nx test nodes\n```", "there is no project nodes"],
    ["`apps/node/bin/nodes`", "apps/node/bin/nodes does not exist"],
    ["Set `AZTEC_PROT`.", "nothing in the code is named AZTEC_PROT"],
  ])
    it(`reports: ${problem}`, () => expect(problems(text)).to.deep.equal([`docs/start.md: ${problem}`]));

  it("leaves out code of other languages, families of names, and files that a build makes", () => {
    expect(
      problems("```ts\nconst x = y.--gone; // AZTEC_PROT\n```\n`AZTEC_…`, `apps/node/dist/main.js`"),
    ).to.deep.equal([]);
  });

  it("knows the samples' own scripts", () => {
    expect(problems("`npm run monitor`", "docs/samples/README.md")).to.deep.equal([]);
  });

  it("reads every page, and what there is", () => {
    const { pages, flags, source } = readCommands();
    const paths = pages.map(({ path }) => path);
    expect(paths).to.include.members(["README.md", "CONTRIBUTING.md", "docs/start.md", "libs/p2p/README.md"]);
    expect([...flags]).to.include.members(["--aztec-port", "--blocks", "--proofs"]);
    expect(source).to.contain("BOT_SCHEDULE");
  });
});
