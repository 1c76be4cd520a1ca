import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { l1Main } from "../l1/l1-main.js";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import type { ProgramName } from "../plan/planned-process.js";
import type { NetworkHost } from "./network-host.js";
import { systemHost } from "./system-host.js";

/** What a program takes over from our own environment: where it finds programs, and the files of its user. */
const inherited = ["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "CRS_PATH", "CRS_CACHE"];

/**
 * This machine, for a network in `directory` whose programs are in a folder of built apps.
 * @throws NetworkError UNSUPPORTED
 */
export function workspaceHost(
  directory: string,
  { apps, environment }: { readonly apps: string; readonly environment: Readonly<Record<string, string | undefined>> },
): NetworkHost {
  const mainOf = (app: string) => join(apps, app, "dist/main.js");
  const mains: Readonly<Record<ProgramName, string>> = {
    l1: l1Main,
    deployer: mainOf("deployer"),
    node: mainOf("node"),
    "prover-agent": mainOf("prover-agent"),
  };
  const missing = Object.values(mains).find(path => !existsSync(path));
  if (missing !== undefined)
    throw new NetworkError(NetworkErrorCode.UNSUPPORTED, `${missing} is missing: run npm run build first`, {
      path: missing,
    });
  const own = inherited.flatMap(name => (environment[name] === undefined ? [] : [[name, environment[name]]]));
  // Code that was compiled before: a program loads in two thirds of the time with it.
  const cache = { NODE_COMPILE_CACHE: join(resolve(directory), "code") };
  return systemHost({ mains, environment: { ...(Object.fromEntries(own) as Record<string, string>), ...cache } });
}
