// Results of an earlier run that still hold: a killed mutant stays killed while its module and the test that killed it
// are the same; one that is alive is run again when any test changed.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { keyOf } from "./argued.mjs";
import { pack, unpack } from "./committed-results.mjs";

/** Names of mutants that stay the same when other modules change: the n-th mutant of its text and kind in its file. */
export function namesOf(mutants) {
  const seen = new Map();
  return mutants.map(mutant => {
    const key = `${mutant.file} | ${mutant.original} | ${keyOf(mutant)}`;
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return `${key} #${nth}`;
  });
}

/**
 * @param kept `{ result, by }` of an earlier run, with `digests` of that run's files
 * @returns whether it still holds with `now`, the digests of today's
 */
export function stillHolds({ result, by }, { module, before, now }) {
  if (before[module] === undefined || before[module] !== now[module]) return false;
  if (result === "invalid") return true;
  if (result === "killed" && by !== undefined) return before[by] !== undefined && before[by] === now[by];
  return Object.keys({ ...before, ...now }).every(name => before[name] === now[name]);
}

/**
 * What is left of a result: all of it, or the test files that it has passed and that are the same.
 * @param kept as of `stillHolds`, with `passed` if tests were run file by file
 */
export function standing(kept, { module, before, now }) {
  if (stillHolds(kept, { module, before, now })) return kept;
  const changed = Object.keys({ ...before, ...now }).filter(name => before[name] !== now[name]);
  if (kept.passed === undefined || !changed.every(name => name.endsWith(".test.ts"))) return undefined;
  return { result: "open", passed: kept.passed.filter(file => !changed.some(name => name.endsWith(file))) };
}

/** The results of a project's mutants, each `{ result, by }`, on disk. */
export class KeptResults {
  #byName = {};

  /**
   * @param mutants with `module`, the name of their file in `digests`
   * @param committed results as of `pack`, for what is not kept on this disk
   */
  constructor(path, { mutants, digests, isFresh, committed }) {
    Object.assign(this, { path, mutants, digests, names: namesOf(mutants) });
    if (isFresh) return;
    if (existsSync(path)) this.#take(JSON.parse(readFileSync(path, "utf8")));
    if (committed !== undefined) this.#take(unpack(committed, this));
  }

  #take(before) {
    for (const [i, { module }] of this.mutants.entries()) {
      const name = this.names[i];
      const kept = before.results[name];
      const left = kept && standing(kept, { module, before: before.digests, now: this.digests });
      if (left !== undefined) this.#byName[name] ??= left;
    }
  }

  /** All that is known, to be committed. */
  packed() {
    return pack({ ...this, of: i => this.of(i) });
  }

  /** @param i the mutant's place in the list */
  of(i) {
    return this.#byName[this.names[i]];
  }

  set(i, result) {
    this.#byName[this.names[i]] = result;
    this.save();
  }

  save() {
    writeFileSync(this.path, JSON.stringify({ digests: this.digests, results: this.#byName }));
  }
}
