import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { fileURLToPath } from "node:url";
import {
  type InstalledPrograms,
  OperatorError,
  OperatorErrorCode,
  type OperatorHost,
  systemOperatorHost,
} from "@sprtn/operator";

const mainOf = (app: string) => fileURLToPath(new URL(`../../${app}/dist/main.js`, import.meta.url));

/** What a node takes over from our own environment: where it finds programs, and the files of its user. */
const inherited = ["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "CRS_PATH", "CRS_CACHE"];

/** The programs of this build. @throws OperatorError UNSUPPORTED */
export function installedPrograms(): InstalledPrograms {
  const mains = { node: mainOf("node"), "prover-agent": mainOf("prover-agent") };
  const missing = Object.values(mains).find(path => !existsSync(path));
  if (missing !== undefined)
    throw new OperatorError(OperatorErrorCode.UNSUPPORTED, `${missing} is missing: run npm run build first`, {
      path: missing,
    });
  return { execPath: process.execPath, mains, user: userInfo().username };
}

/** What a node's environment has besides its `.env`. */
export function nodeEnvironment(): Readonly<Record<string, string>> {
  const own = inherited.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return Object.fromEntries(own) as Record<string, string>;
}

/** This machine. @throws HostError UNSUPPORTED */
export function thisHost(): OperatorHost {
  return systemOperatorHost(nodeEnvironment());
}
