// Every static check of the workspace; exits 1 with one line a problem.
import { checkCommands, readCommands } from "./commands.mjs";
import { checkFigures, readFigures } from "./figures.mjs";
import { checkFloors } from "./floors.mjs";
import { checkHouseRules } from "./house-rules.mjs";
import { checkLimits, readLimitSources } from "./limits.mjs";
import { checkLineLength, readLines } from "./line-length.mjs";
import { checkLibraryPage, checkReadmes, readLibraryPage, readReadmes } from "./readmes.mjs";
import { checkReferences } from "./references.mjs";
import { checkRules, readRuleSources } from "./rules.mjs";
import { readWorkspace } from "./workspace.mjs";

const projects = readWorkspace();
const readmes = readReadmes(projects);
const { spec, files } = readRuleSources();
const { limits, read } = readLimitSources();
const problems = [
  ...checkFloors(projects),
  ...checkHouseRules(projects),
  ...checkReadmes(readmes),
  ...checkLibraryPage(readmes, readLibraryPage()),
  ...checkReferences(projects),
  ...checkRules(spec, files),
  ...checkLimits(limits, files, read),
  ...checkFigures(readFigures()),
  ...checkCommands(readCommands()),
  ...checkLineLength(readLines()),
];
for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0 ? `checks: ${projects.length} projects in order` : `checks: ${problems.length} problems`,
);
process.exit(problems.length === 0 ? 0 : 1);
