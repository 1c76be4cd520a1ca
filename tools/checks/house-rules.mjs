// House rules that a text search can hold: size of files, no bags, no bare errors, no escape hatches, and what has one
// convention.
import { basename } from "node:path";
import { isTest } from "./workspace.mjs";

/** The system's own three: one package hands them on to all that use ports. */
const systemPorts = /import (?:type )?\{[^}]*\b(?:Clock|Random|Service)\b[^}]*\} from "@sprtn\/runtime"/;
const ownRuntime = new Set(["runtime", "ports"]);
/** A sentence in a doc comment where the tag belongs. */
const untagged = /\/\*\*(?:(?!\*\/)[\s\S])*?(?<![\w@])Throws (?:[A-Z][A-Z0-9_]+\b|[A-Z]\w*Error|an? \w*Error|a coded)/;
const makesMetric = /\bmeter\.(?:counter|gauge|histogram)\b/;
/** Never returns where no folder can be made. */
const makesFolders = /\bmkdir(?:Sync)?\([^;]*\brecursive: true/;

const bags = /^(utils?|helpers?|types|misc|common)\.ts$|_v\d+\.ts$/;

/** @returns {string[]} one line a violation */
export function checkHouseRules(projects) {
  const problems = [];
  for (const { name, manifest } of projects)
    if (manifest !== undefined && manifest.engines?.node === undefined)
      problems.push(`${name}/package.json: say in engines which Node it needs`);
  for (const { name, files } of projects)
    for (const { path, source } of files)
      if (!ownRuntime.has(name) && systemPorts.test(source))
        problems.push(`${path}: import Clock, Random and Service from @sprtn/ports`);
  for (const file of projects.flatMap(project => project.files)) {
    const lines = file.source.split("\n").length;
    if (lines > 400) problems.push(`${file.path}: ${lines} lines, 400 at most`);
    if (bags.test(basename(file.path))) problems.push(`${file.path}: name the file after its contents`);
    if (/\bas any\b|@ts-ignore|@ts-nocheck/.test(file.source))
      problems.push(`${file.path}: no any-casts or ts-ignores`);
    if (!isTest(file.path) && /throw new Error\(/.test(file.source)) problems.push(`${file.path}: throw a coded error`);
    if (!isTest(file.path) && /export \* from/.test(file.source)) problems.push(`${file.path}: name what is exported`);
    if (untagged.test(file.source)) problems.push(`${file.path}: write @throws and the codes in a doc comment`);
    if (!isTest(file.path) && makesMetric.test(file.source) && !file.path.endsWith("-metrics.ts"))
      problems.push(`${file.path}: metrics are made in a file *-metrics.ts`);
    if (!isTest(file.path) && makesFolders.test(file.source))
      problems.push(`${file.path}: make folders with makeFolder of @sprtn/runtime`);
    if (/\[00\d\]/.test(file.source)) problems.push(`${file.path}: cite a file of libs/protocol/spec`);
    if (/\b(?:private|protected) (?:readonly )?dependencies\b/.test(file.source))
      problems.push(`${file.path}: keep dependencies in a field #dependencies`);
    if (/\b(describe|it)\.(only|skip)\(/.test(file.source))
      problems.push(`${file.path}: no exclusive or skipped tests`);
  }
  return problems;
}
