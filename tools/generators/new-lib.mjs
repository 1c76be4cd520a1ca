// node tools/generators/new-lib.mjs NAME FLOOR "what it is for" [dependency …]: an empty lib that passes every check.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/workspace.mjs";

const [name, floor, description, ...dependencies] = process.argv.slice(2);
if (!name || !floor || !description) {
  console.error('usage: npm run new:lib -- NAME FLOOR "what it is for" [workspace dependency …]');
  process.exit(2);
}
const dir = join(root, floor === "F6" && name !== "sim" ? "apps" : "libs", name);
if (existsSync(join(dir, "package.json"))) {
  console.error(`${dir} exists already`);
  process.exit(1);
}
mkdirSync(join(dir, "src"), { recursive: true });
const manifest = {
  name: `@sprtn/${name}`,
  version: "0.1.0",
  description,
  license: "Apache-2.0",
  type: "module",
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  files: ["dist", "!dist/**/*.test.*", "!dist/*.tsbuildinfo"],
  nx: { name, tags: [`floor:${floor}`], targets: { build: {}, test: {} } },
  dependencies: Object.fromEntries(dependencies.map(dependency => [`@sprtn/${dependency}`, "0.1.0"])),
};
const tsconfig = {
  extends: "../../tsconfig.base.json",
  compilerOptions: { rootDir: "src", outDir: "dist", tsBuildInfoFile: "dist/.tsbuildinfo" },
  include: ["src"],
  references: dependencies
    .map(dependency => ({ path: `../${dependency}` }))
    .sort((a, b) => a.path.localeCompare(b.path)),
};
writeFileSync(join(dir, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
writeFileSync(join(dir, "tsconfig.json"), `${JSON.stringify(tsconfig, null, 2)}\n`);
writeFileSync(join(dir, "src/index.ts"), "export {};\n");
// Licence, README and what else all packages have.
await import("./sync-manifests.mjs");
