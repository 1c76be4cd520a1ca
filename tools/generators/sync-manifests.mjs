// What every package says alike, written from here: engines, repository, side effects, the files of its tarball, its
// licence, and a README where it has none yet.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { packages } from "../pack/packed-project.mjs";
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

/** What `npm run lint` wants of a README; each TODO is for the author to write. */
function readme({ manifest }) {
  const entries = Object.keys(manifest.exports ?? {}).map(subpath => manifest.name + subpath.slice(1));
  return `# ${manifest.name}

${manifest.description}.

## Flow

TODO: which files, in which order, in three to eight lines.

## Entry points

| import | what it contains |
|---|---|
${entries.map(entry => `| \`${entry}\` | TODO |`).join("\n")}

## Ports

TODO: which it needs, which it implements.

## Example

\`\`\`ts
import * as everything from "${manifest.name}";

console.log(everything);
\`\`\`

Part of [SPRTN](../../README.md): [architecture](../../docs/architecture.md), [examples](../../docs/library.md),
[error codes](../../docs/errors.md).
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
