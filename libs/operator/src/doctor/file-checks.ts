import { assertKeyUnused } from "../installation/key-in-use.js";
import { openKey } from "../installation/private-key.js";
import { envPath, type InstalledNode } from "../installation/read-installation.js";
import { traitsOf } from "../installation/role.js";
import { type Check, fail, ok, skipped } from "./check.js";

const envMode: Check = {
  name: "env-mode",
  run: async ({ host, node }) => {
    const path = envPath(node.directory);
    const mode = await host.modeOf(path);
    const shown = (mode ?? 0).toString(8).padStart(3, "0");
    return mode !== undefined && (mode & 0o077) === 0
      ? ok(shown)
      : fail(`others may read ${path} (${shown}), which holds keys → chmod 600 ${path}`);
  },
};

const settings: Check = {
  name: "settings",
  run: async ({ host, node, checkSettings }) => {
    const name = envPath(node.directory);
    checkSettings({ name, text: (await host.files.read(name)) ?? "" });
    return ok(name);
  },
};

/** The L1 key as `.env` has it. */
export function keyOf({ role, variables }: InstalledNode): string | undefined {
  const { keyName } = traitsOf(role);
  return keyName === undefined ? undefined : variables.get(keyName);
}

const key: Check = {
  name: "key",
  run: async ({ node }) => {
    const { keyName } = traitsOf(node.role);
    if (keyName === undefined) return skipped("needs none");
    const given = keyOf(node);
    if (given !== undefined) return ok((await openKey(given, undefined)).address);
    return node.variables.has("MNEMONIC")
      ? ok("from MNEMONIC")
      : fail(`${keyName} is missing → sprtn config --key-file FILE`);
  },
};

const keyUnique: Check = {
  name: "key-unique",
  run: async ({ host, node }) => {
    const given = keyOf(node);
    if (given === undefined) return skipped("no key in .env");
    await assertKeyUnused(host, node.directory, given.toLowerCase());
    return ok("in no directory beside this one");
  },
};

/** Of the installation's files. */
export const fileChecks: readonly Check[] = [envMode, settings, key, keyUnique];
