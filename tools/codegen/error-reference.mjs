// docs/errors.md from the sources: every enum of codes, with the comment above a code or the text it is thrown with:
// node tools/codegen/error-reference.mjs [--check].
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesBelow, isTest, readWorkspace, root } from "../checks/workspace.mjs";
import { writeOrCheck } from "./generated-page.mjs";

export const page = "docs/errors.md";

const enumPattern = /((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?)export enum (\w*(?:Code|Fault)) \{([\s\S]*?)\n\}/g;
const memberPattern = /((?:\s*\/\*\*(?:(?!\*\/)[\s\S])*\*\/)?)\s*(\w+) = "([^"]+)",?/g;

/** A doc comment as one line, without stars, links and signatures of what throws. */
function proseOf(comment) {
  return comment
    .replaceAll(/\/\*\*|\*\/|^\s*\*(?!\/)/gm, " ")
    .replaceAll(/\{@link (\w+)\}/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The enums of codes in a file: `[{ name, prose, members: [{ key, code, prose }] }]`. */
export function codeEnums(source) {
  return [...source.matchAll(enumPattern)].map(([, comment, name, body]) => ({
    name,
    prose: proseOf(comment),
    members: [...body.matchAll(memberPattern)].map(([, prose, key, code]) => ({ key, code, prose: proseOf(prose) })),
  }));
}

/** A value that `counted` puts before its noun. */
const countedPattern = /\$\{counted\([^"`]+, "(\w+)"(?:, "(\w+)")?\)\}/g;

/** A template as its readers see it: values are dots, and what a value is chosen from is not spelled out. */
function readable(raw) {
  const template = raw.replaceAll(countedPattern, (_, one, many = `${one}s`) => `… ${many}`);
  let text = "";
  for (let i = 0, depth = 0; i < template.length; i++) {
    if (template.startsWith("${", i)) {
      if (depth++ === 0) text += "…";
      i++;
    } else if (depth > 0) depth += template[i] === "{" ? 1 : template[i] === "}" ? -1 : 0;
    else text += template[i] === "\\" ? template[++i] : template[i];
  }
  return text;
}

/** The text that stands at `start`, a quote: a string or a template with templates inside. */
function literalAt(source, start) {
  const quote = source[start];
  for (let i = start + 1, depth = 0; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (quote === "`" && source.startsWith("${", i)) {
      depth++;
      i++;
    } else if (depth > 0) {
      if (source[i] === "`") i += literalAt(source, i).length + 1;
      else depth += source[i] === "{" ? 1 : source[i] === "}" ? -1 : 0;
    } else if (source[i] === quote) return source.slice(start + 1, i);
  }
  return "";
}

/** The literals that begin at `start`, with all that `+` joins to them: `[start, end]` of each. */
function literalsAt(source, start) {
  const end = start + literalAt(source, start).length + 2;
  const next = /^\s*\+\s*(?=["`])/.exec(source.slice(end));
  return [[start + 1, end - 1], ...(next === null ? [] : literalsAt(source, end + next[0].length))];
}

/** The text that begins at `start`, with all that `+` joins to it. */
function textAt(source, start) {
  return literalsAt(source, start)
    .map(([from, to]) => source.slice(from, to))
    .join("");
}

/**
 * The texts that an expression at `at` may be: a literal, a choice between two, a field or a function that gives one,
 * or a variable that was assigned one before.
 */
function textsAt(source, at) {
  const rest = source.slice(at);
  const skipped = /^(?:\s+|(?:reason|text|message|what):|\(?[\w\s,:]*\)?\s*=>)/.exec(rest);
  if (skipped !== null) return textsAt(source, at + skipped[0].length);
  if (/^["`]/.test(rest)) {
    const end = literalsAt(source, at).at(-1)[1] + 1;
    const other = /^\s*:\s*(?=["`])/.exec(source.slice(end));
    return [readable(textAt(source, at)), ...(other === null ? [] : textsAt(source, end + other[0].length))];
  }
  const condition = /^[^?,;(){}"`]{1,80}\?\s*(?=["`])/.exec(rest);
  if (condition !== null) return textsAt(source, at + condition[0].length);
  const variable = /^\w+\b/.exec(rest)?.[0];
  const assigned = [...source.slice(0, at).matchAll(new RegExp(`const ${variable} =\\s+`, "g"))].at(-1);
  if (variable === undefined || assigned === undefined || assigned.index + assigned[0].length === at) return [];
  return textsAt(source, assigned.index + assigned[0].length);
}

/**
 * The texts with which a code is thrown: what follows `Enum.KEY,`, in an argument or in a field of the same object,
 * also where the code is one of two.
 */
export function textsOf(sources, enumName, key) {
  const otherCode = `(?:\\s*:\\s*${enumName}\\.\\w+)?`;
  const fields = "(?:\\s*(?!code|reason|text|message|what)\\w+: [^\\n{}]*,(?=\\n))*";
  const use = new RegExp(`\\b${enumName}\\.${key}\\b\\]?${otherCode}\\s*[,:]${fields}\\s*`, "g");
  const found = new Set();
  for (const source of sources)
    for (const { index, 0: whole } of source.matchAll(use))
      for (const text of textsAt(source, index + whole.length)) found.add(text);
  // A single word is a value, not a text.
  return [...found].filter(text => /\s/.test(text));
}

/** Every code of the workspace: `[{ project, enumName, prose, codes: [{ code, texts }] }]`. */
export function collectCodes(projects) {
  return projects.flatMap(project => {
    const files = project.files.filter(file => !isTest(file.path));
    const sources = files.map(file => file.source);
    return sources.flatMap(source =>
      codeEnums(source).map(({ name, prose, members }) => ({
        project: project.name,
        enumName: name,
        prose,
        codes: members.map(({ key, code, prose: comment }) => ({
          code,
          texts: [...(comment === "" ? [] : [comment]), ...textsOf(sources, name, key)],
        })),
      })),
    );
  });
}

/** The contracts' custom errors: `[{ contract, errors: [{ name, parameters, prose }] }]` from their interfaces. */
export function contractErrors(interfaces) {
  return interfaces.flatMap(({ path, source }) => {
    const errors = [...source.matchAll(/((?:[ \t]*\/\/\/[^\n]*\n)*)[ \t]*error (\w+)\(([^)]*)\);/g)].map(
      ([, comment, name, parameters]) => ({
        name,
        parameters: parameters.replaceAll(/\s+/g, " ").trim(),
        prose: comment
          .replaceAll(/\/\/\/( @notice| @dev| @param)?/g, " ")
          .replaceAll(/\s+/g, " ")
          .trim(),
      }),
    );
    return errors.length === 0
      ? []
      : [
          {
            contract: path
              .split("/")
              .at(-1)
              .replace(/^I?(\w+)\.sol$/, "$1"),
            errors,
          },
        ];
  });
}

/** Codes that no error carries: a peer, a caller of GET /ready or a reader of the bot's report sees them. */
export const reportedOnly = {
  NODE_NOT_SYNCED: "GET /ready: the node has not caught up with L1 yet",
  P2P_NO_HANDLER: "Gossip on a topic that this node does not handle; ignored",
  P2P_BUSY: "More gossip than this node can judge now; ignored",
  P2P_NOT_SERVED: "A request of a kind that this node does not answer",
  P2P_LOW_SCORE: "The peer is disconnected because of what it sent",
  BOT_TOO_MANY_PENDING: "A payment was skipped: BOT_MAX_PENDING are under way",
  BOT_NO_FUNDED_ACCOUNT: "A payment was skipped: no account can pay it now",
};

/** Codes that say nothing about themselves. */
export function mute(groups) {
  return groups.flatMap(({ project, codes }) =>
    codes
      .filter(({ texts }) => texts.length === 0)
      .map(({ code }) => `${project}: ${code} has neither a comment nor a text: say above it what it means`),
  );
}

/** A transaction's fault has one code wherever it is found: TX_… may stand in several enums. */
export function duplicates(groups) {
  const all = groups.flatMap(({ codes }) => codes.map(({ code }) => code)).filter(code => !code.startsWith("TX_"));
  return [...new Set(all.filter((code, i) => all.indexOf(code) !== i))].map(
    code => `${code} stands for two things: give one of them another code`,
  );
}

const intro = `# Error codes

Generated from the sources (\`npm run docs\`). Every error has a code, and its text says what to do. Over RPC the
code is in \`error.data.code\`, in logs in \`code\`. \`…\` stands for a value in the text, such as an address, a
number or a path.
`;

const contractsIntro = `## contracts

The names of custom errors consist of the rule's ID and what is wrong. In logs and texts they are the \`reason\` of
\`L1_REVERTED\`.
`;

export function errorReference(groups, contracts) {
  const cell = texts =>
    texts
      .map(text => text.charAt(0).toUpperCase() + text.slice(1))
      .join("<br>")
      .replaceAll("|", "\\|");
  const sections = groups.map(({ project, enumName, prose, codes }) =>
    [
      `## ${project}: ${enumName}`,
      "",
      ...(prose === "" ? [] : [prose, ""]),
      "| Code | What it means, and what to do |",
      "|---|---|",
      ...codes.map(({ code, texts }) => `| \`${code}\` | ${cell(texts)} |`),
      "",
    ].join("\n"),
  );
  const reported = [
    "## Reported only",
    "",
    "These codes appear in reports only, never in an error.",
    "",
    "| Code | What it means |",
    "|---|---|",
    ...Object.entries(reportedOnly).map(([code, text]) => `| \`${code}\` | ${text} |`),
    "",
  ].join("\n");
  const solidity = contracts.map(({ contract, errors }) =>
    [
      `### ${contract}`,
      "",
      "| Error | Arguments |",
      "|---|---|",
      ...errors.map(
        ({ name, parameters, prose }) => `| \`${name}\` | ${[parameters, prose].filter(Boolean).join(". ")} |`,
      ),
      "",
    ].join("\n"),
  );
  return `${[intro, ...sections, reported, contractsIntro, ...solidity].join("\n").trimEnd()}\n`;
}

/** Every code that a program may report. */
export function currentGroups() {
  return collectCodes(readWorkspace().filter(({ name }) => name !== "testing" && name !== "e2e"));
}

/** The page as the sources have it now, and what is missing in it. */
export function currentReference() {
  const groups = currentGroups();
  const interfaces = filesBelow(join(root, "contracts/src"), [".sol"]).map(path => ({
    path,
    source: readFileSync(path, "utf8"),
  }));
  return {
    text: errorReference(groups, contractErrors(interfaces)),
    problems: [...mute(groups), ...duplicates(groups)],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, problems } = currentReference();
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  writeOrCheck(page, text);
}
