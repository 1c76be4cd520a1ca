// One build with as many mutants as solc takes together.
import { withMutants } from "./mutate-solidity.mjs";

const MAX_ROUNDS = 40;

/** @returns `artifacts` of all contracts, with the mutants whose ids are in `together` */
export function compileTogether(mutants, compiler) {
  let together = mutants.filter(({ anchor }) => anchor !== undefined);
  const targets = compiler.deployable();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const texts = {};
    for (const unit of new Set(together.map(mutant => mutant.unit))) {
      const own = together.filter(mutant => mutant.unit === unit);
      texts[unit] = withMutants(compiler.sources[unit], own);
    }
    const { errors, artifacts } = compiler.compile(texts, targets);
    if (errors.length === 0) return { artifacts, together: together.map(({ id }) => id) };
    const culprits = new Set(errors.flatMap(error => culpritsOf(texts[error.file], error)));
    if (culprits.size === 0) throw new Error(errors.map(({ message }) => message).join("\n"));
    together = together.filter(({ id }) => !culprits.has(id));
  }
  throw new Error("too many mutants do not compile");
}

/** The mutants in the place of an error, or the nearest before. */
function culpritsOf(text, { start, end }) {
  if (text === undefined) return [];
  const bytes = Buffer.from(text);
  const idsIn = (from, to) =>
    [
      ...bytes
        .subarray(from, to)
        .toString()
        .matchAll(/IsMutant\.at\((\d+)\)/g),
    ].map(([, id]) => Number(id));
  const inside = idsIn(start, end);
  return inside.length > 0 ? inside : idsIn(0, start).slice(-1);
}
