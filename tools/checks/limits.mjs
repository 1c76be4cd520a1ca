// Every row of libs/protocol/spec/limits.md names a test that exists and quotes the row's ID, and every ID that is
// quoted has a row.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const SPEC = "libs/protocol/spec/limits.md";
const quoted = /\bLIMIT-\d+\b/g;
const row = /^\| \*\*(LIMIT-\d+)\*\* \|.*\|([^|]*)\|$/gm;

/** The rows of the tables: ID and the files of its tests, in their order. */
export function limitRows(spec) {
  return [...spec.matchAll(row)].map(([, id, tests]) => ({
    id,
    tests: [...tests.matchAll(/`([^`]+)`/g)].map(match => match[1]),
  }));
}

/**
 * @param read a file's text, or undefined if there is none
 * @returns {string[]} one line a violation
 */
export function checkLimits(spec, files, read) {
  const rows = limitRows(spec);
  const problems = [];
  const ids = rows.map(({ id }) => id);
  for (const [i, { id, tests }] of rows.entries()) {
    if (ids.indexOf(id) !== i) problems.push(`${SPEC}: ${id} has two rows`);
    if (tests.length === 0) problems.push(`${SPEC}: ${id} names no test`);
    for (const test of tests) {
      const text = read(test);
      if (text === undefined) problems.push(`${SPEC}: ${id} names ${test}, which is not there`);
      else if (!(text.match(quoted) ?? []).includes(id)) problems.push(`${test}: shows ${id}, but does not quote it`);
    }
  }
  for (const { path, source } of files)
    for (const id of new Set(source.match(quoted)))
      if (!ids.includes(id)) problems.push(`${path}: ${id} has no row in ${SPEC}`);
  return problems;
}

/** The table, and a reader of the workspace's files. */
export function readLimitSources() {
  return {
    limits: readFileSync(join(root, SPEC), "utf8"),
    read: path => (existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined),
  };
}
