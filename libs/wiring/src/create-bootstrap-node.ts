import { nodeInfo } from "@sprtn/node-service";
import type { Meter, NodeApi, Service } from "@sprtn/ports";
import { type MethodGroup, nodeMethods, RpcServer, serveGroup } from "@sprtn/rpc";
import { Lifecycle } from "@sprtn/runtime";
import { openDatabase, openStore } from "@sprtn/storage";
import type { NodeOptions } from "./node-options.js";
import { RpcPortCheck } from "./port-check.js";
import { deploymentId, SCHEMA_VERSION } from "./assemble/stores.js";
import { assembleNetwork } from "./assemble/network.js";
import type { ProcessResources } from "./process-resources.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** What a node without a chain can answer: enough for another to join through it. */
type BootstrapApi = Pick<NodeApi, "getNodeInfo" | "getEncodedEnr" | "getPeers">;

/**
 * A node that only helps others find one another: discovery and its own record over RPC (BOOTNODE_URL), no L1, no
 * chain, no gossip.
 * @throws WiringError NO_NETWORK with P2P_ENABLED=false, StorageError
 */
export async function createBootstrapNode(
  process: ProcessResources,
  metrics: Meter & { metricsText(): Promise<string> },
  options: NodeOptions,
): Promise<Service & { readonly rpcUrl: () => string }> {
  const { deployment, settings, version, name } = options;
  if (!settings.p2p.enabled)
    throw new WiringError(
      WiringErrorCode.NO_NETWORK,
      "a bootstrap node needs the peer-to-peer network: set P2P_ENABLED=true, or give the node another role",
    );
  const logger = process.logger.child(name);
  const store = await openStore(settings.storage, "p2p");
  try {
    await openDatabase({ store, schemaVersion: SCHEMA_VERSION, deployment: deploymentId(deployment) });
    const { view, service: network } = assembleNetwork(
      { clock: process.clock, random: process.random, logger, meter: metrics },
      { store },
      { deployment, p2p: settings.p2p, role: "bootstrap" },
    );
    const api: BootstrapApi = {
      getNodeInfo: async () => nodeInfo({ version, roles: [...options.roles], deployment }, view.enr()),
      getEncodedEnr: async () => view.enr(),
      getPeers: async () => view.peers(),
    };
    const {
      prefix,
      methods: { getNodeInfo, getEncodedEnr, getPeers },
    } = nodeMethods(process.hasher);
    const group: MethodGroup<BootstrapApi> = { prefix, methods: { getNodeInfo, getEncodedEnr, getPeers } };
    const rpc = new RpcServer(
      {
        groups: [serveGroup(group, api)],
        clock: process.clock,
        logger: logger.child("rpc"),
        meter: metrics,
        readiness: () => ({ ready: true }),
        metricsText: () => metrics.metricsText(),
        version,
      },
      settings.rpc,
    );
    const lifecycle = new Lifecycle({
      services: [
        { name: "rpc port", service: new RpcPortCheck(settings.rpc) },
        ...(network === undefined ? [] : [{ name: "p2p", service: network }]),
        { name: "rpc", service: rpc },
      ],
    });
    return {
      rpcUrl: () => rpc.url,
      start: signal => lifecycle.start(signal),
      stop: async () => {
        await lifecycle.stop();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
