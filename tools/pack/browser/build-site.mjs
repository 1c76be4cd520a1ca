import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../checks/workspace.mjs";

const run = promisify(execFile);

/** A site as docs/browser.md says, from a project that has the packages: a page, two workers, the assets. */
export async function buildSite(project) {
  const site = join(project.directory, "site");
  mkdirSync(site);
  copyFileSync(join(root, "tools/pack/browser/page.mjs"), join(project.directory, "page.mjs"));
  writeFileSync(
    join(site, "index.html"),
    '<!doctype html><link rel="icon" href="data:," /><script type="module" src="/page.js"></script>\n',
  );
  const modules = join(project.directory, "node_modules/@sprtn/circuits-client/node_modules/@aztec/bb.js");
  const workers = join(realpathSync(modules), "dest/browser/barretenberg_wasm");
  const args = [
    "page=page.mjs",
    `main.worker=${join(workers, "barretenberg_wasm_main/factory/browser/main.worker.js")}`,
    `thread.worker=${join(workers, "barretenberg_wasm_thread/factory/browser/thread.worker.js")}`,
    "--bundle",
    "--splitting",
    "--platform=browser",
    "--format=esm",
    "--outdir=site",
    "--log-level=warning",
  ];
  const { stderr } = await run(join(root, "node_modules/.bin/esbuild"), args, { cwd: project.directory });
  writeFileSync(
    join(project.directory, "assets.mjs"),
    `import { writeBrowserAssets } from "@sprtn/circuits-client/browser-assets";
import { crsCacheFolder } from "@sprtn/crs";
import { systemClock as clock } from "@sprtn/observability/system";
const silent = () => {};
const logger = { error: silent, warn: silent, info: silent, verbose: silent, debug: silent, child: () => logger };
await writeBrowserAssets(
  { logger, clock },
  {
    directory: "site/assets",
    crs: "dev",
    crsPath: process.env.CRS_PATH,
    cacheFolder: crsCacheFolder(process.env.CRS_CACHE),
  },
);
`,
  );
  await run(process.execPath, ["assets.mjs"], { cwd: project.directory });
  return { site, warnings: stderr, has: name => existsSync(join(site, name)) };
}
