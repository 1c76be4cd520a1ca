// Every rule ID quoted in code is defined in the specification, once; a rule that nothing quotes any more shows as
// well.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesBelow, root } from "./workspace.mjs";

const quoted = /\b(?:TIME|SET|SEED|COM|STATE|TX|PEND|MSG|SIGN|DUTY|PROV|FINAL|PRIV|INV)-\d+\b/g;
const defined = /^- \*\*([A-Z]+-\d+)\*\*/gm;

/** Rules that other tools than this repository's code hold: nothing here has to quote them. */
const heldElsewhere = new Set(["INV-9"]);

/** The IDs that the list of rules defines, in its order. */
export function definedRules(spec) {
  return [...spec.matchAll(defined)].map(match => match[1]);
}

/** @returns {string[]} one line a violation */
export function checkRules(spec, files) {
  const rules = definedRules(spec);
  const known = new Set(rules);
  const seen = new Set();
  const problems = rules
    .filter((rule, i) => rules.indexOf(rule) !== i)
    .map(rule => `libs/protocol/spec/rules.md: ${rule} is defined twice`);
  for (const { path, source } of files) {
    for (const rule of new Set(source.match(quoted))) {
      seen.add(rule);
      if (!known.has(rule))
        problems.push(
          `${path}: ${rule} is not a rule of libs/protocol/spec/rules.md; define it there, or quote another`,
        );
    }
  }
  for (const rule of known)
    if (!seen.has(rule) && !heldElsewhere.has(rule))
      problems.push(`libs/protocol/spec/rules.md: no code and no test quotes ${rule}`);
  return problems;
}

/** The specification's list of rules and every file that may quote one. */
export function readRuleSources() {
  const spec = readFileSync(join(root, "libs/protocol/spec/rules.md"), "utf8");
  const paths = [
    ...filesBelow(join(root, "libs"), [".ts", ".md"]),
    ...filesBelow(join(root, "apps"), [".ts"]),
    ...filesBelow(join(root, "contracts/src"), [".sol"]),
    ...filesBelow(join(root, "contracts/test"), [".ts", ".sol"]),
    ...filesBelow(join(root, "tools/adr"), [".md"]),
    join(root, "contracts/INVARIANTS.md"),
  ];
  const files = paths
    .map(path => ({ path: relative(root, path), source: readFileSync(path, "utf8") }))
    .filter(({ path }) => path !== "libs/protocol/spec/rules.md");
  return { spec, files };
}
