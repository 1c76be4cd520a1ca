// Every symbol that an entry point exports has a docstring. undocumented.json lists those that do not have one yet: the
// list may only shrink.
import { ReflectionKind } from "typedoc";

const containers = ReflectionKind.Project | ReflectionKind.Module | ReflectionKind.Namespace;

/** Names of exported symbols without a docstring, as "package entry-point.name", sorted. */
export function undocumentedSymbols(project) {
  const names = Object.values(project.reflections)
    .filter(
      reflection =>
        reflection.parent?.kindOf(containers) &&
        !reflection.kindOf(containers | ReflectionKind.Reference) &&
        !isDocumented(reflection),
    )
    .map(reflection => reflection.getFullName());
  return [...new Set(names)].sort();
}

/** A function's comment is its signatures'. */
function isDocumented(reflection) {
  return reflection.hasComment() || (reflection.signatures?.some(signature => signature.hasComment()) ?? false);
}

/** @returns {string[]} one line for each symbol that needs a docstring, or no longer needs its place in the list */
export function docstringProblems(found, listed) {
  return [
    ...found.filter(name => !listed.includes(name)).map(name => `${name}: write a docstring`),
    ...listed
      .filter(name => !found.includes(name))
      .map(name => `${name}: has a docstring, or is gone: take it out of tools/api/undocumented.json`),
  ];
}
