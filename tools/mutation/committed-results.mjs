// Results as they are committed, one short line a module, so that a new clone runs only what has changed since.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { digestOf } from "./digest.mjs";

const LETTERS = { killed: "k", survived: "s", "not reached": "n", invalid: "i" };
const RESULTS = Object.fromEntries(Object.entries(LETTERS).map(([result, letter]) => [letter, result]));
const NOT_RUN = "-";

/** Enough to tell that a file has changed; nobody makes two alike here. */
const short = digest => digest.slice(0, 16);

/** The places of each module's mutants, by module. */
function placesOf(mutants) {
  const places = new Map();
  for (const [i, { module }] of mutants.entries()) places.set(module, [...(places.get(module) ?? []), i]);
  return places;
}

/** Changes with the module's mutants. */
const listDigest = (names, places) => short(digestOf(JSON.stringify(places.map(i => names[i]))));

/**
 * @param names of the mutants, with `of`, the result of the i-th, or undefined
 * @returns JSON for {@link unpack}: `k3` is killed by the fourth of the tests, `s` survived
 */
export function pack({ mutants, names, digests, of }) {
  const tests = [];
  const placeOf = test => (tests.includes(test) ? tests.indexOf(test) : tests.push(test) - 1);
  const wordOf = ({ result, by } = {}) => `${LETTERS[result] ?? NOT_RUN}${by === undefined ? "" : placeOf(by)}`;
  const modules = {};
  for (const [module, places] of placesOf(mutants))
    modules[module] = `${listDigest(names, places)} ${places.map(i => wordOf(of(i))).join(" ")}`;
  const shortened = Object.fromEntries(Object.entries(digests).map(([name, digest]) => [name, short(digest)]));
  return { tests, modules, digests: shortened };
}

/** @returns `{ results, digests }` by the mutants' names and by file, for those modules whose mutants are the same */
export function unpack({ tests, modules, digests: before }, { mutants, names, digests: now }) {
  const results = {};
  for (const [module, places] of placesOf(mutants)) {
    const [list, ...words] = modules[module]?.split(" ") ?? [];
    if (list !== listDigest(names, places)) continue;
    for (const [at, i] of places.entries()) {
      const result = RESULTS[words[at][0]];
      const by = words[at].slice(1);
      if (result !== undefined) results[names[i]] = { result, ...(by !== "" && { by: tests[Number(by)] }) };
    }
  }
  const same = ([name, digest]) => [name, short(now[name] ?? "") === digest ? now[name] : digest];
  return { results, digests: Object.fromEntries(Object.entries(before).map(same)) };
}

const path = new URL("results.json", import.meta.url);

/** What is committed of a project. */
export const readCommitted = project =>
  existsSync(path) ? JSON.parse(readFileSync(path, "utf8"))[project] : undefined;

/** @param byProject what {@link pack} made */
export const writeCommitted = byProject => writeFileSync(path, `${JSON.stringify(byProject, undefined, 1)}\n`);
