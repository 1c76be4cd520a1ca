// Results of an earlier run that still hold: a killed mutant stays killed while its module and the test that killed it
// are the same; one that is alive is run again when any test changed.
import { keyOf } from "./argued.mjs";

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
  if (result === "killed" && by !== undefined) return before[by] !== undefined && before[by] === now[by];
  return Object.keys({ ...before, ...now }).every(name => before[name] === now[name]);
}
