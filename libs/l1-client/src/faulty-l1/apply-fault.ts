import type { FaultMode } from "./fault-mode.js";
import type { Intervention, JsonRpcCall } from "./json-rpc-proxy.js";
import { malformations, malformed } from "./malformed.js";
import { type Ask, limitedView } from "./limited-view.js";

/** What a fault works with. */
export interface FaultContext {
  readonly ask: Ask;
  /** The upstream's head when the fault began. */
  readonly headAtStart: number;
  /** The upstream's head now. */
  readonly head: () => Promise<number>;
  /** Calls since the fault began. */
  readonly turn: number;
  /** Keeps a request until the fault is healed. */
  readonly hold: () => Promise<void>;
  readonly wait: (ms: number) => Promise<void>;
}

const OTHER_CHAIN = "0x1";

/** What an endpoint with this fault answers; `undefined`: the right thing. */
export async function applyFault(fault: FaultMode, call: JsonRpcCall, context: FaultContext): Promise<Intervention> {
  if (fault.methods && !fault.methods.includes(call.method)) return undefined;
  const { ask, headAtStart, head, hold, turn, wait } = context;
  switch (fault.mode) {
    case "none":
      return undefined;
    case "delay":
      await wait(fault.ms);
      return undefined;
    case "hang":
      await hold();
      return { hangUp: true };
    case "drop":
      return { hangUp: true };
    case "rate-limit-status":
      return {
        status: 429,
        body: "Too Many Requests",
        ...(fault.retryAfterSeconds === undefined
          ? {}
          : { headers: { "retry-after": String(fault.retryAfterSeconds) } }),
      };
    case "rate-limit-body":
      return { error: { code: fault.code ?? -32007, message: fault.message ?? "50/second request limit reached" } };
    case "http-413":
      return { status: 413, body: "Request Entity Too Large" };
    case "http-503":
      return { status: 503, body: "Service Unavailable" };
    case "http-500-json":
      return { status: 500, body: '{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"internal error"}}' };
    case "html":
      return { status: 200, body: "<html><body>Welcome</body></html>", headers: { "content-type": "text/html" } };
    case "truncated":
      return { truncate: true };
    case "null-result":
      return { result: null };
    case "malformed-values": {
      const answer = await ask(call.method, call.params);
      const how = fault.how ?? malformations[turn % malformations.length] ?? "text";
      return "result" in answer ? { result: malformed(answer.result, how) } : (answer as Intervention);
    }
    case "missing-logs":
      return call.method === "eth_getLogs" ? { result: [] } : undefined;
    case "older-heads":
      return limitedView(call, Math.max(0, (await head()) - fault.blocks), ask);
    case "stalled-head":
      return limitedView(call, headAtStart, ask);
    case "wrong-chain":
      return otherChain(call, ask);
    case "finalized-unknown":
      return call.method === "eth_getBlockByNumber" && call.params[0] === "finalized"
        ? { error: { code: -39001, message: "Unknown block" } }
        : undefined;
    case "log-range-count":
      return rangeOf(call) > fault.maxBlocks
        ? { error: { code: -32602, message: `block range is too wide, maximum ${fault.maxBlocks}` } }
        : undefined;
    case "log-range-time":
      if (rangeOf(call) <= fault.maxBlocks) return undefined;
      await hold();
      return { hangUp: true };
    case "hole":
      return call.method === "eth_getBlockByNumber" && Number(call.params[0]) === headAtStart - fault.below
        ? { result: null }
        : undefined;
  }
}

/** Blocks whose logs a call asks for; 0 for any other call. */
function rangeOf({ method, params }: JsonRpcCall): number {
  if (method !== "eth_getLogs") return 0;
  const [{ fromBlock, toBlock } = {}] = params as { readonly fromBlock?: string; readonly toBlock?: string }[];
  return Number(toBlock) - Number(fromBlock) + 1;
}

/** Another chain of the same length, on which nothing of ours ever happened. */
async function otherChain({ method, params }: JsonRpcCall, ask: Ask): Promise<Intervention> {
  if (method === "eth_chainId") return { result: OTHER_CHAIN };
  if (method === "eth_getLogs") return { result: [] };
  if (method !== "eth_getBlockByNumber") return undefined;
  const { result } = (await ask(method, params)) as { result: { readonly hash: string } | null };
  return { result: result && { ...result, hash: `0xdead${result.hash.slice(6)}` } };
}
