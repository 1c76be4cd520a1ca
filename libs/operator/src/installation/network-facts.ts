import { isRecord } from "../host/json-http.js";
import type { OperatorHost } from "../host/operator-host.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

const ASK_MS = 5_000;

/** What a node tells of its network. */
export interface NetworkFacts {
  readonly version: string;
  readonly network: string;
  readonly l1ChainId: bigint;
  readonly rollup: string;
  readonly contracts: Readonly<Record<string, string>>;
  readonly proofMode: string;
  readonly crs: string | null;
}

/** Asks a node. @throws OperatorError UNREACHABLE, BAD_ANSWER, REFUSED */
export async function networkFacts(host: Pick<OperatorHost, "call">, url: string): Promise<NetworkFacts> {
  const [info] = await host.call(url, [{ method: "node_getNodeInfo", params: [] }], ASK_MS);
  const facts = factsFrom(info);
  if (facts !== undefined) return facts;
  throw new OperatorError(
    OperatorErrorCode.BAD_ANSWER,
    `${new URL(url).origin} answers, but not as a node of a network: give the RPC URL of a node (--bootnode-url), as ` +
      "in http://127.0.0.1:8080",
    { url },
  );
}

function factsFrom(info: unknown): NetworkFacts | undefined {
  if (!isRecord(info) || !isRecord(info.contracts)) return undefined;
  const { version, network, l1ChainId, contracts, proofMode, crs } = info;
  const addresses = Object.entries(contracts).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && /^0x[0-9a-fA-F]{40}$/.test(entry[1]),
  );
  const byName = Object.fromEntries(addresses);
  const { rollup } = byName;
  if (rollup === undefined || typeof version !== "string" || typeof network !== "string") return undefined;
  if (!/^\d{1,78}$/.test(String(l1ChainId))) return undefined;
  return {
    version,
    network,
    l1ChainId: BigInt(String(l1ChainId)),
    rollup,
    contracts: byName,
    proofMode: String(proofMode),
    crs: typeof crs === "string" ? crs : null,
  };
}
