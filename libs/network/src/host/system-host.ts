import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import {
  harmless,
  identityReader,
  isPortTaken,
  isUdpPortTaken,
  type ProgramSettings,
  SystemFiles,
  SystemProcesses,
} from "@sprtn/host";
import { systemClock } from "@sprtn/observability/system";
import { createNodeClient } from "@sprtn/rpc/client";
import { bytesWithin } from "@sprtn/runtime";
import { z } from "zod";
import type { ProgramName } from "../plan/planned-process.js";
import type { AskedNode, NetworkHost, Readiness } from "./network-host.js";

const ASK_MS = 5_000;
/** Of an answer to GET /ready, or with the number of a block. */
const MAX_ANSWER_BYTES = 65_536;
const readinessSchema = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
  reason: z.string().transform(reason => reason.slice(0, 1_000)),
});

/** This machine. @throws HostError UNSUPPORTED */
export function systemHost(programs: ProgramSettings<ProgramName>): NetworkHost {
  return {
    clock: systemClock,
    processes: new SystemProcesses({ identities: identityReader() }, programs),
    files: new SystemFiles(),
    cores: availableParallelism(),
    freeBytes: () => process.availableMemory(),
    isPortTaken: async (port, protocol) => (protocol === "tcp" ? isPortTaken(port) : isUdpPortTaken(port)),
    readiness,
    isL1Ready,
    node: (url): AskedNode => createNodeClient(url, { timeoutMs: ASK_MS }),
    newToken: () => randomBytes(32).toString("hex"),
  };
}

async function readiness(url: string): Promise<Readiness | undefined> {
  try {
    const { ok, answer } = await asked(`${url}/ready`);
    if (ok) return { ready: true };
    const { code, reason } = readinessSchema.parse(answer);
    return { ready: false, code, reason: harmless(reason) };
  } catch {
    return undefined;
  }
}

/** Somebody else may listen there: what it says is read so far and no further, and only from there. */
async function asked(url: string, init: RequestInit = {}): Promise<{ readonly ok: boolean; readonly answer: unknown }> {
  const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(ASK_MS) });
  const bytes = await bytesWithin(response.body, MAX_ANSWER_BYTES);
  return { ok: response.ok, answer: JSON.parse(new TextDecoder().decode(bytes)) };
}

async function isL1Ready(url: string): Promise<boolean> {
  try {
    const { answer } = await asked(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] }),
    });
    const { result } = answer as { readonly result?: unknown };
    return typeof result === "string";
  } catch {
    return false;
  }
}
