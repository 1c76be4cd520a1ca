// House rules that a text search can hold: size of files, no bags, no bare errors, no escape hatches.
import { basename } from "node:path";
import { isTest } from "./workspace.mjs";

const bags = /^(utils?|helpers?|types|misc|common)\.ts$|_v\d+\.ts$/;

/** @returns {string[]} one line a violation */
export function checkHouseRules(projects) {
  const problems = [];
  for (const file of projects.flatMap(project => project.files)) {
    const lines = file.source.split("\n").length;
    if (lines > 400) problems.push(`${file.path}: ${lines} lines, 400 at most`);
    if (bags.test(basename(file.path))) problems.push(`${file.path}: name the file after what it holds`);
    if (/\bas any\b|@ts-ignore|@ts-nocheck/.test(file.source))
      problems.push(`${file.path}: no any-casts or ts-ignores`);
    if (!isTest(file.path) && /throw new Error\(/.test(file.source)) problems.push(`${file.path}: throw a coded error`);
    if (!isTest(file.path) && /export \* from/.test(file.source)) problems.push(`${file.path}: name what is exported`);
    if (/\b(describe|it)\.(only|skip)\(/.test(file.source))
      problems.push(`${file.path}: no exclusive or skipped tests`);
  }
  return problems;
}
