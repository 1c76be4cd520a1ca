// Writes each project's tsconfig references from its package.json.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { impliedReferences } from "../checks/references.mjs";
import { readWorkspace } from "../checks/workspace.mjs";

const projects = readWorkspace();
for (const project of projects) {
  const path = join(project.dir, "tsconfig.json");
  const config = JSON.parse(readFileSync(path, "utf8"));
  const references = impliedReferences(project, projects).map(reference => ({ path: reference }));
  const next = `${JSON.stringify({ ...config, references }, null, 2)}\n`;
  if (next !== readFileSync(path, "utf8")) writeFileSync(path, next);
}
