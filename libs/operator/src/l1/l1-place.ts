import type { OperatorHost } from "../host/operator-host.js";
import { type NetworkFacts, networkFacts } from "../installation/network-facts.js";
import { type InstalledNode, requireInstalled } from "../installation/read-installation.js";
import { readiness } from "../verbs/readiness.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import { assertL1 } from "../installation/l1-facts.js";

/** Where an installation's network has its contracts. */
export interface L1Place {
  readonly node: InstalledNode;
  /** The endpoint that is read. */
  readonly url: string;
  /** RPC URL of the installation's own node while it runs: a bootnode may have no blocks. */
  readonly blocks?: string | undefined;
  readonly network: NetworkFacts;
}

/**
 * Of an installation: its node tells, or, while that does not run, the one at BOOTNODE_URL. The L1 endpoint was seen to
 * be of that network.
 * @throws OperatorError NOT_INSTALLED, USAGE, UNREACHABLE, BAD_ANSWER, REFUSED, WRONG_CHAIN, FOREIGN_DEPLOYMENT
 */
export async function l1PlaceOf(host: OperatorHost, directory: string): Promise<L1Place> {
  const node = await requireInstalled(host.files, directory);
  const [url] = node.ethereumHosts;
  const runs = node.rpcUrl !== undefined && (await readiness(host, node.rpcUrl)) !== undefined;
  const teller = runs ? node.rpcUrl : node.variables.get("BOOTNODE_URL");
  if (url === undefined || teller === undefined)
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      url === undefined
        ? `a ${node.role} has no L1: use the directory of a validator, a prover node or a node`
        : "nobody tells the network's contracts: start the node, or give BOOTNODE_URL (sprtn config --bootnode-url)",
    );
  const network = await networkFacts(host, teller);
  await assertL1(host, url, network);
  return { node, url, network, ...(runs ? { blocks: node.rpcUrl } : {}) };
}

/** The address of a contract. @throws OperatorError BAD_ANSWER if the network does not name it */
export function contractOf({ network }: L1Place, name: string): string {
  const address = network.contracts[name];
  if (address !== undefined) return address;
  throw new OperatorError(
    OperatorErrorCode.BAD_ANSWER,
    `the network names no ${name}: ask a node of this program's version`,
  );
}
