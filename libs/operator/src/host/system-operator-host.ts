import { randomBytes } from "node:crypto";
import { readFile, stat, statfs } from "node:fs/promises";
import { identityReader, isPortTaken, isUdpPortTaken, SystemFiles, SystemProcesses } from "@sprtn/host";
import { systemClock } from "@sprtn/observability/system";
import { supervisorMain } from "../supervise/supervisor-main.js";
import { callJsonRpc, getJson } from "./json-http.js";
import type { MachineFacts, OperatorHost } from "./operator-host.js";

/** This machine. `environment` is what programs get besides their settings. @throws HostError UNSUPPORTED */
export function systemOperatorHost(environment: Readonly<Record<string, string>>): OperatorHost {
  return {
    clock: systemClock,
    files: new SystemFiles(),
    processes: new SystemProcesses(
      { identities: identityReader() },
      { mains: { supervisor: supervisorMain }, environment },
    ),
    isPortTaken,
    isUdpPortTaken,
    get: getJson,
    call: callJsonRpc,
    facts,
    freeDiskBytes: async path => {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    },
    modeOf: async path =>
      stat(path).then(
        ({ mode }) => mode & 0o777,
        () => undefined,
      ),
    newSecret: () => randomBytes(32).toString("hex"),
  };
}

async function facts(): Promise<MachineFacts> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const openFiles = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return {
    nodeVersion: process.versions.node,
    freeMemoryBytes: process.availableMemory(),
    ...(openFiles === undefined ? {} : { openFiles: Number(openFiles) }),
  };
}
