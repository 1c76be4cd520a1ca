import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import { systemClock } from "@sprtn/observability/system";
import { createNodeClient } from "@sprtn/rpc/client";
import type { AskedNode, NetworkHost, Readiness } from "./network-host.js";
import { identityReader } from "./process-identity.js";
import { SystemFiles } from "./system-files.js";
import { type ProgramSettings, SystemProcesses } from "./system-processes.js";

const ASK_MS = 5_000;

/** This machine. @throws NetworkError UNSUPPORTED */
export function systemHost(programs: ProgramSettings): NetworkHost {
  return {
    clock: systemClock,
    processes: new SystemProcesses({ identities: identityReader() }, programs),
    files: new SystemFiles(),
    cores: availableParallelism(),
    freeBytes: () => process.availableMemory(),
    isPortTaken,
    readiness,
    isL1Ready,
    node: (url): AskedNode => createNodeClient(url, { timeoutMs: ASK_MS }),
    newToken: () => randomBytes(32).toString("hex"),
  };
}

async function isPortTaken(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    const closed = once(server, "close");
    server.close();
    await closed;
    return false;
  } catch {
    return true;
  }
}

async function readiness(url: string): Promise<Readiness | undefined> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(ASK_MS) });
    const answer = (await response.json()) as { readonly code?: unknown; readonly reason?: unknown };
    if (response.ok) return { ready: true };
    return { ready: false, code: String(answer.code), reason: String(answer.reason) };
  } catch {
    return undefined;
  }
}

async function isL1Ready(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] }),
      signal: AbortSignal.timeout(ASK_MS),
    });
    const { result } = (await response.json()) as { readonly result?: unknown };
    return typeof result === "string";
  } catch {
    return false;
  }
}
