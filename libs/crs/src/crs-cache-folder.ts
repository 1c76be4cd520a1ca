import { homedir } from "node:os";
import { join } from "node:path";

/** Where CRSs are kept, a folder for each kind: `setting` (CRS_CACHE), or this user's cache. */
export function crsCacheFolder(
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (setting !== undefined) return setting;
  const cache = env["XDG_CACHE_HOME"];
  return join(cache === undefined || cache === "" ? join(homedir(), ".cache") : cache, "sprtn", "crs");
}
