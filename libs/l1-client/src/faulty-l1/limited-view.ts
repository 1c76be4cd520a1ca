import type { Intervention, JsonRpcCall } from "./json-rpc-proxy.js";

/** Asks the upstream. */
export type Ask = (method: string, params: readonly unknown[]) => Promise<{ result?: unknown; error?: unknown }>;

/** Which parameter names a block. */
const blockParameter: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
};

export async function headOf(ask: Ask): Promise<number> {
  return Number((await ask("eth_blockNumber", [])).result);
}

/** The upstream as it would be if it had imported nothing above block `last`. */
export async function limitedView(call: JsonRpcCall, last: number, ask: Ask): Promise<Intervention> {
  const { method, params } = call;
  const at = `0x${last.toString(16)}`;
  const pass = async (changed: readonly unknown[]) => (await ask(method, changed)) as Intervention;
  if (method === "eth_blockNumber") return { result: at };
  if (method === "eth_getBlockByNumber") {
    const [tag, full] = params;
    if (tag === "latest" || tag === "pending" || tag === "safe") return pass([at, full]);
    if (tag === "finalized") return lower(await ask(method, params), last, () => pass([at, full]));
    return Number(tag) > last ? { result: null } : undefined;
  }
  if (
    method === "eth_getBlockByHash" ||
    method === "eth_getTransactionReceipt" ||
    method === "eth_getTransactionByHash"
  )
    return lower(await ask(method, params), last, async () => ({ result: null }));
  if (method === "eth_getLogs") {
    const [filter] = params as [{ readonly fromBlock?: string; readonly toBlock?: string }];
    if (Number(filter.fromBlock ?? 0) > last) return { result: [] };
    const to = Number(filter.toBlock ?? Number.NaN);
    return to <= last ? undefined : pass([{ ...filter, toBlock: at }]);
  }
  const place = blockParameter[method];
  if (place === undefined) return undefined;
  const block = params[place];
  if (block === undefined || block === "latest" || block === "pending")
    return pass([...params.slice(0, place), at, ...params.slice(place + 1)]);
  if (typeof block !== "object" || block === null) return undefined;
  const { result } = await ask("eth_getBlockByHash", [(block as { readonly blockHash: string }).blockHash, false]);
  const number = Number((result as { readonly number: string } | null)?.number);
  return number <= last ? undefined : { error: { code: -32000, message: "header not found" } };
}

async function lower(
  answer: { result?: unknown },
  last: number,
  instead: () => Promise<Intervention>,
): Promise<Intervention> {
  const { number, blockNumber } = (answer.result ?? {}) as { readonly number?: string; readonly blockNumber?: string };
  const at = number ?? blockNumber;
  return at !== undefined && Number(at) > last ? instead() : (answer as Intervention);
}
