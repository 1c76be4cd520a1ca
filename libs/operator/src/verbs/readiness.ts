import { isRecord } from "../host/json-http.js";
import type { OperatorHost } from "../host/operator-host.js";

const ASK_MS = 2_000;

/** What GET /ready of a node says. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly code: string; readonly reason: string };

/** `undefined`: nobody answers. */
export async function readiness(host: Pick<OperatorHost, "get">, rpcUrl: string): Promise<Readiness | undefined> {
  const answer = await host.get(`${rpcUrl}/ready`, ASK_MS);
  if (answer === undefined) return undefined;
  if (answer.status === 200) return { ready: true };
  const { code, reason } = isRecord(answer.body) ? answer.body : {};
  return { ready: false, code: String(code), reason: String(reason) };
}
