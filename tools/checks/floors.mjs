// Imports go down the floors, or along an edge of floors.json; never up, sideways or in a circle. Pure floors touch
// nothing outside, and neither do pure folders, whatever their floor.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isTest, isTestFile, root } from "./workspace.mjs";

const impure = [
  [/\bDate\.now\(|\bnew Date\(\)|performance\.now\(/, "reads the clock"],
  [/\bMath\.random\(|\bcrypto\.(?:getRandomValues|randomUUID)/, "reads randomness"],
  [/\bprocess\.(env|argv|hrtime)/, "reads the environment"],
  [/(?:await|return|=)\s+fetch\(|globalThis\.fetch/, "reads the network"],
];

const timers = [/(?<!\.)\bset(?:Timeout|Interval|Immediate)\(/, "sets a timer"];
/** The host's clock and randomness, which a pure folder is given as ports instead. */
const hostEntries = ["@sprtn/observability/system"];

/** @returns {string[]} one line per violation */
export function checkFloors(
  projects,
  rules = JSON.parse(readFileSync(join(root, "tools/checks/floors.json"), "utf8")),
) {
  const byPackage = new Map(projects.map(project => [project.manifest.name, project]));
  const problems = [];
  for (const project of projects) {
    const rank = rules.order.indexOf(project.floor);
    if (rank < 0) {
      problems.push(`${project.name}: package.json needs an nx tag floor:${rules.order.join("|")}`);
      continue;
    }
    const declared = {
      ...project.manifest.dependencies,
      ...project.manifest.devDependencies,
      ...project.manifest.peerDependencies,
    };
    const pure = rules.pure.includes(project.floor);
    for (const file of project.files) {
      const test = isTest(file.path);
      // Fakes are no tests here: pages bundle them.
      const onHost = isTestFile(file.path) || (rules.hostFolders ?? []).some(at => file.path.startsWith(`${at}/`));
      const inPages = pure && !onHost;
      const pureFolder = (rules.pureFolders ?? []).find(folder => file.path.startsWith(`${folder}/`));
      if (pureFolder !== undefined && !test) problems.push(...impurities(file, pureFolder));
      for (const specifier of file.imports) {
        if (specifier.startsWith("node:") && inPages) problems.push(`${file.path}: a pure floor imports ${specifier}`);
        if (specifier.startsWith(".") || specifier.startsWith("node:")) continue;
        const name = specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/");
        if (name === project.manifest.name) problems.push(`${file.path}: imports its own package by name`);
        const rootDev = ["chai", "fast-check", "mocha"].includes(name);
        if (!(name in declared) && !(test && rootDev))
          problems.push(
            `${file.path}: ${name} is not in ${project.name}'s package.json; add it, run npm install && npm run sync`,
          );
        if (name === "tsyringe" && project.floor !== "F5") problems.push(`${file.path}: only wiring imports tsyringe`);
        const target = byPackage.get(name);
        if (!target) continue;
        const targetRank = rules.order.indexOf(target.floor);
        if (target.name === "testing" && !test && project.floor !== "F6")
          problems.push(`${file.path}: testing is for tests and sim only`);
        const sideways = targetRank === rank && !(rules.sameFloor[project.name] ?? []).includes(target.name);
        if (
          test &&
          (targetRank < rank ||
            target.name === "testing" ||
            (rules.testEdges?.[project.name] ?? []).includes(target.name))
        )
          continue;
        if (targetRank > rank || sideways)
          problems.push(`${file.path}: ${project.floor} ${project.name} imports ${target.floor} ${target.name}`);
        if (pure && !rules.pure.includes(target.floor))
          problems.push(`${file.path}: a pure floor imports ${target.name}`);
      }
      if (inPages)
        for (const [pattern, what] of impure)
          if (pattern.test(file.source)) problems.push(`${file.path}: a pure floor ${what}`);
    }
  }
  return [...problems, ...circles(projects, byPackage)];
}

/** What a file of a pure folder may not touch: it gets time, randomness and I/O through ports. */
function impurities({ path, source, imports }, folder) {
  const outside = imports.filter(name => name.startsWith("node:") || hostEntries.includes(name));
  return [
    ...outside.map(name => `${path}: ${folder} is pure and imports ${name}; take a port instead`),
    ...[...impure, timers]
      .filter(([pattern]) => pattern.test(source))
      .map(([, what]) => `${path}: ${folder} is pure and ${what}; take a port instead`),
  ];
}

function circles(projects, byPackage) {
  const state = new Map();
  const found = [];
  const visit = (project, trail) => {
    if (state.get(project) === "done") return;
    if (state.get(project) === "open")
      return found.push(`a circle of packages: ${[...trail, project.name].join(" → ")}`);
    state.set(project, "open");
    for (const name of Object.keys(project.manifest.dependencies ?? {})) {
      const next = byPackage.get(name);
      if (next) visit(next, [...trail, project.name]);
    }
    state.set(project, "done");
  };
  for (const project of projects) visit(project, []);
  return found;
}
