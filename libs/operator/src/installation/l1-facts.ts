import type { OperatorHost } from "../host/operator-host.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import type { NetworkFacts } from "./network-facts.js";

const ASK_MS = 5_000;

/**
 * Sees that an L1 endpoint serves the network's chain, and that this chain holds its contracts.
 * @throws OperatorError UNREACHABLE, BAD_ANSWER, REFUSED; WRONG_CHAIN, FOREIGN_DEPLOYMENT
 */
export async function assertL1(
  host: Pick<OperatorHost, "call">,
  url: string,
  facts: Pick<NetworkFacts, "l1ChainId" | "rollup">,
): Promise<void> {
  const chainId = await chainIdOf(host, url);
  if (chainId !== facts.l1ChainId)
    throw new OperatorError(
      OperatorErrorCode.WRONG_CHAIN,
      `${new URL(url).host} serves chain ${chainId}, and the network is on chain ${facts.l1ChainId}: give an ` +
        "endpoint of that chain with --ethereum-host",
      { url },
    );
  const [code] = await host.call(url, [{ method: "eth_getCode", params: [facts.rollup, "latest"] }], ASK_MS);
  if (typeof code !== "string" || code === "0x")
    throw new OperatorError(
      OperatorErrorCode.FOREIGN_DEPLOYMENT,
      `the chain at ${new URL(url).host} has the right number (${chainId}) and no Rollup at ${facts.rollup}: give an ` +
        "endpoint of the chain on which the network runs with --ethereum-host, or the right --bootnode-url",
      { url },
    );
}

/** @throws OperatorError UNREACHABLE, BAD_ANSWER, REFUSED */
async function chainIdOf(host: Pick<OperatorHost, "call">, url: string): Promise<bigint> {
  const [answer] = await host.call(url, [{ method: "eth_chainId", params: [] }], ASK_MS);
  if (typeof answer === "string" && /^0x[0-9a-f]{1,64}$/i.test(answer)) return BigInt(answer);
  throw new OperatorError(
    OperatorErrorCode.BAD_ANSWER,
    `${new URL(url).host} does not tell its chain: give the JSON-RPC endpoint of an L1 node with --ethereum-host`,
    { url },
  );
}
