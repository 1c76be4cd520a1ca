// A project outside the workspace with this workspace's packages as npm would install them: unpacked from their
// tarballs, each seeing only the dependencies that it declares.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { extract } from "tar";
import { readWorkspace, root } from "../checks/workspace.mjs";

const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** What is packed: every lib, and the contracts that deployment needs. */
export function packages() {
  const libs = readWorkspace().filter(({ dir }) => dirname(dir).endsWith("/libs"));
  const contracts = join(root, "contracts");
  return [
    ...libs.map(({ dir, manifest }) => ({ dir, manifest })),
    { dir: contracts, manifest: JSON.parse(readFileSync(join(contracts, "package.json"), "utf8")) },
  ];
}

/** Packs and unpacks; `files` are the paths in each tarball. */
export function createPackedProject() {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "sprtn-pack-")));
  const tarballs = join(directory, "tarballs");
  mkdirSync(tarballs);
  const all = packages();
  const args = [
    "pack",
    "--json",
    "--pack-destination",
    tarballs,
    ...all.flatMap(({ manifest }) => ["--workspace", manifest.name]),
  ];
  const report = JSON.parse(
    execFileSync("npm", args, {
      cwd: root,
      encoding: "utf8",
      maxBuffer: OUTPUT_LIMIT,
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  const packed = (Array.isArray(report) ? report : Object.values(report)).map(({ name, filename, files }) => ({
    name,
    filename: filename.replace("/", "-").replace("@", ""),
    files: files.map(file => file.path),
  }));
  for (const { name, filename } of packed) {
    const target = join(directory, "node_modules", name);
    mkdirSync(target, { recursive: true });
    extract({ file: join(tarballs, filename), cwd: target, strip: 1, strict: true, sync: true });
  }
  for (const { dir, manifest } of all) linkDependencies(join(directory, "node_modules", manifest.name), dir, all);
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "outside", private: true, type: "module" }));
  mkdirSync(join(directory, "node_modules/@types"), { recursive: true });
  symlinkSync(join(root, "node_modules/@types/node"), join(directory, "node_modules/@types/node"));
  return { directory, packed, remove: () => rmSync(directory, { recursive: true }) };
}

/** Third parties' packages come from the workspace, but only those that the packed manifest names. */
function linkDependencies(target, dir, all) {
  const manifest = JSON.parse(readFileSync(join(target, "package.json"), "utf8"));
  for (const name of Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  })) {
    if (all.some(other => other.manifest.name === name)) continue;
    const found = [join(dir, "node_modules", name), join(root, "node_modules", name)].find(existsSync);
    if (found === undefined) continue;
    const link = join(target, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(found, link);
  }
}

/** Every way to import a package: its name, and its subpaths that are code. */
export function entryPoints({ manifest }) {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    const file = typeof target === "string" ? target : target.default;
    if (!file.endsWith(".js") || subpath.includes("*")) return [];
    return [subpath === "." ? manifest.name : `${manifest.name}${subpath.slice(1)}`];
  });
}
