import { join } from "node:path";
import type { Devnet } from "@sprtn/l1-client/devnet";
import type { Deployment } from "@sprtn/protocol";
import type { NodeOptions } from "../node-options.js";
import type { LocalNetworkOptions } from "./network.js";

/**
 * This L1 mines on a clock, so that a head which stands still is a fault; a busy machine may delay it by some seconds.
 */
const MIN_HEAD_AGE_SECONDS = 30;

/** ETHEREUM_HOST has nothing to do with it. */
const OWN_L1 =
  "This network started that L1 itself (anvil): if it is suspended, let it continue; if it does not answer for long, " +
  "start the network again";

/** What a node of the network joins. */
export interface LocalSurroundings {
  readonly deployment: Deployment;
  readonly devnet: Pick<Devnet, "url" | "chainId">;
}

/** What distinguishes a node of the network from the others. */
export type LocalNode = Pick<NodeOptions, "name" | "roles" | "validatorKey" | "proverKey">;

/** A node, and nodes that run already, as addresses that it dials. */
type DiallingNode = LocalNode & { readonly bootstrapNodes: readonly string[] };

/** The options of one node: the network's settings, with the node's own L1, ports and data directory. */
export function localNodeOptions(
  { bootstrapNodes, ...own }: DiallingNode,
  { deployment, devnet }: LocalSurroundings,
  { settings, version, local, replacePorts }: LocalNetworkOptions,
): NodeOptions {
  const { dataDirectory } = settings.storage;
  const anyPort = { host: "127.0.0.1", port: 0 };
  return {
    ...own,
    version,
    deployment,
    replacePorts,
    settings: {
      ...settings,
      l1: {
        ...settings.l1,
        urls: [devnet.url],
        chainId: devnet.chainId,
        slotSeconds: local.l1BlockSeconds,
        remedy: OWN_L1,
        maxHeadAgeMs: settings.l1.maxHeadAgeMs ?? Math.max(10 * local.l1BlockSeconds, MIN_HEAD_AGE_SECONDS) * 1000,
      },
      p2p: {
        ...settings.p2p,
        discovery: false,
        tcpListen: anyPort,
        udpListen: anyPort,
        bootstrapNodes: [...bootstrapNodes],
        peerIdPrivateKey: undefined,
      },
      storage: {
        ...settings.storage,
        dataDirectory: dataDirectory === undefined ? undefined : join(dataDirectory, own.name),
      },
    },
  };
}
