// A project's tsconfig references are its workspace dependencies: no more, no fewer.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The references that `project`'s package.json implies, relative to its folder, sorted. */
export function impliedReferences(project, projects) {
  const wanted = { ...project.manifest.dependencies, ...project.manifest.devDependencies };
  return projects
    .filter(other => other.manifest.name in wanted)
    .map(other => relative(project.dir, other.dir))
    .sort();
}

export function checkReferences(projects) {
  return projects.flatMap(project => {
    const config = JSON.parse(readFileSync(join(project.dir, "tsconfig.json"), "utf8"));
    const have = (config.references ?? []).map(reference => reference.path).sort();
    const want = impliedReferences(project, projects);
    return JSON.stringify(have) === JSON.stringify(want)
      ? []
      : [`${project.name}: tsconfig references differ from package.json; run npm run sync`];
  });
}
