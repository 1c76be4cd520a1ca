// The table of packages in docs/architecture.md, from their manifests: a test compares them row by row.
import { readWorkspace } from "../checks/workspace.mjs";

/** One row a lib or app, from the highest floor down. */
export function libRows() {
  const projects = readWorkspace().toSorted((a, b) => b.floor.localeCompare(a.floor) || a.name.localeCompare(b.name));
  return projects.map(
    ({ name, floor, manifest }) => `| ${floor} | ${floor === "F6" ? "apps/" : ""}${name} | ${manifest.description} |`,
  );
}
