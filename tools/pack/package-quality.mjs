// What a package's users find in it, besides code that works: checked offline on the packed files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** Ways to resolve modules that ESM-only packages do not support: CommonJS, and the resolution of before `exports`. */
const unsupported = new Set(["node10", "node16-cjs"]);

/** @returns {Promise<string[]>} what publint has to say, suggestions too */
export async function publintProblems(pkgDir) {
  const { messages, pkg } = await publint({ pkgDir, level: "suggestion", pack: false });
  return messages.map(message => formatMessage(message, pkg, { color: false }));
}

/**
 * @returns {Promise<string[]>} types that do not resolve, or to something else than the code, under the ESM-only
 * profile
 */
export async function typeProblems(tarball) {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  if (analysis.types === false) return ["it has no types"];
  return analysis.problems
    .filter(problem => !unsupported.has(problem.resolutionKind) && problem.kind !== "CJSResolvesToESM")
    .map(problem => `${problem.kind} ${problem.entrypoint ?? problem.fileName ?? ""} ${problem.resolutionKind ?? ""}`);
}

/** @returns {string[]} what the manifest and the files lack */
export function missingParts({ directory, files, manifest }, licence) {
  const problems = ["description", "license", "repository", "engines", "sideEffects"]
    .filter(key => !(key in manifest))
    .map(key => `no ${key} in package.json`);
  if (!files.includes("LICENSE") || readFileSync(join(directory, "LICENSE"), "utf8") !== licence)
    problems.push("no LICENSE like the repository's");
  if (!files.includes("README.md") && manifest.repository?.directory !== "contracts") problems.push("no README.md");
  for (const path of files.filter(file => file.endsWith(".map"))) {
    const { sources, sourcesContent = [] } = JSON.parse(readFileSync(join(directory, path), "utf8"));
    if (sources.some((_, i) => typeof sourcesContent[i] !== "string"))
      problems.push(`${path} lacks its sources; if its source is gone, remove dist and build again`);
  }
  return problems;
}
