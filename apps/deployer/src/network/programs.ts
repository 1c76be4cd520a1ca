import { fileURLToPath } from "node:url";
import { type NetworkHost, workspaceHost } from "@sprtn/network";

const apps = fileURLToPath(new URL("../../../", import.meta.url));

/** This machine, for a network in `directory`. @throws NetworkError UNSUPPORTED; HostError UNSUPPORTED */
export function hostFor(directory: string): NetworkHost {
  return workspaceHost(directory, { apps, environment: process.env });
}
