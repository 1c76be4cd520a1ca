// What every package says alike, written from here: engines, repository, side effects, the files of its tarball, its
// licence, and a README where it has none yet.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { entryPoints, packages } from "../pack/packed-project.mjs";
import { root } from "../checks/workspace.mjs";

const repository = "git+https://github.com/sprtn/sprtn.git";
const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Importing them changes globals: reflect-metadata. */
const withSideEffects = new Set(["@sprtn/wiring"]);
/** Declaration maps lead into sources that are not packed; the maps of the code hold theirs. */
const unpacked = "!dist/**/*.d.ts.map";

/** The manifest with what all have, in npm's usual order. */
export function completed(manifest, directory) {
  const { name, version, description, license, type, exports, files = [], ...rest } = manifest;
  for (const key of ["repository", "engines", "sideEffects"]) delete rest[key];
  return {
    name,
    version,
    description,
    license,
    repository: { type: "git", url: repository, directory },
    engines,
    type,
    sideEffects: withSideEffects.has(name),
    ...(exports === undefined ? {} : { exports }),
    files: [...files.filter(file => file !== unpacked), unpacked],
    ...rest,
  };
}

/** Has a README of its own kind, for Solidity developers. */
const contracts = join(root, "contracts");

function readme({ manifest }) {
  const specifiers = entryPoints({ manifest });
  return `# ${manifest.name}

${manifest.description}.

\`\`\`ts
import * as everything from "${specifiers[0] ?? manifest.name}";
\`\`\`

Entry points: ${specifiers.map(specifier => `\`${specifier}\``).join(", ")}.

Part of [SPRTN](../../README.md): [how the packages fit together](../../docs/architecture.md), [examples](../../docs/library.md).
`;
}

for (const { dir, manifest } of packages()) {
  const path = join(dir, "package.json");
  const text = `${JSON.stringify(completed(manifest, relative(root, dir)), null, 2)}\n`;
  if (text !== readFileSync(path, "utf8")) writeFileSync(path, text);
  copyFileSync(join(root, "LICENSE"), join(dir, "LICENSE"));
  const own = join(dir, "README.md");
  if (!existsSync(own) && dir !== contracts) writeFileSync(own, readme({ manifest }));
}
