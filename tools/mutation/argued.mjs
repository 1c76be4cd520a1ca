// Mutants that no test has to notice: argued.json has a reason for each. The key is the text, not the line, so that it
// lives as long as the code that it is about.

/** What a mutant is called in argued.json. */
export const keyOf = ({ file, kind, original }) =>
  `${file} | ${original.replaceAll(/\s+/g, " ").slice(0, 160)} | ${kind}`;

export const isAlive = ({ result }) => result === "survived" || result === "not reached";

/**
 * @returns `explained` and `missing`, the mutants alive with and without a reason, and `stale`: the keys about files
 * in `folder` whose mutant is gone or killed by now
 */
export function judge(mutants, argued, folder) {
  const alive = mutants.filter(isAlive);
  const open = new Set(mutants.filter(({ result }) => result === "not run").map(keyOf));
  const needed = new Set(alive.map(keyOf));
  const stale = Object.keys(argued).filter(key => key.startsWith(folder) && !needed.has(key) && !open.has(key));
  const isArgued = mutant => argued[keyOf(mutant)] !== undefined;
  return { explained: alive.filter(isArgued), missing: alive.filter(mutant => !isArgued(mutant)), stale };
}
