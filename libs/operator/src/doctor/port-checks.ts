import { traitsOf } from "../installation/role.js";
import { readiness } from "../verbs/readiness.js";
import { type Check, type CheckContext, fail, type Finding, ok, skipped } from "./check.js";

const DEFAULT = "0.0.0.0:40400";

async function free({ running }: CheckContext, what: string, isTaken: () => Promise<boolean>): Promise<Finding> {
  if (running) return ok(`${what} is the node's`);
  return (await isTaken())
    ? fail(`${what} is in use by another program → end that, or choose another with sprtn config`)
    : ok(`${what} is free`);
}

function endpoint(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(address.slice(colon + 1)) };
}

const rpcPort: Check = {
  name: "rpc-port",
  run: async context => {
    const { rpcUrl } = context.node;
    if (rpcUrl === undefined) return skipped("has none");
    const port = Number(new URL(rpcUrl).port);
    return free(context, `TCP ${port}`, () => context.host.isPortTaken(port, "127.0.0.1"));
  },
};

const p2pTcp: Check = {
  name: "p2p-tcp",
  run: async context => {
    if (!gossips(context)) return skipped("has none");
    const { host, port } = endpoint(context.node.variables.get("P2P_TCP_LISTEN_ADDR") ?? DEFAULT);
    return free(context, `TCP ${port}`, () => context.host.isPortTaken(port, host));
  },
};

const p2pUdp: Check = {
  name: "p2p-udp",
  run: async context => {
    if (!gossips(context)) return skipped("has none");
    const { host, port } = endpoint(context.node.variables.get("P2P_UDP_LISTEN_ADDR") ?? DEFAULT);
    return free(context, `UDP ${port}`, () => context.host.isUdpPortTaken(port, host));
  },
};

const ready: Check = {
  name: "ready",
  run: async ({ host, node, running }) => {
    const { rpcUrl } = node;
    if (rpcUrl === undefined) return skipped("answers nobody");
    if (!running) return skipped("the node does not run");
    const now = await readiness(host, rpcUrl);
    if (now === undefined) return fail(`it does not answer at ${rpcUrl} → sprtn logs`);
    return now.ready ? ok(rpcUrl) : fail(`${now.code}: ${now.reason}`);
  },
};

const peers: Check = {
  name: "peers",
  tellsUnreachable: true,
  run: async context => {
    const { host, node, running } = context;
    if (!gossips(context) || node.rpcUrl === undefined) return skipped("has none");
    if (!running) return skipped("the node does not run");
    const [found] = await host.call(node.rpcUrl, [{ method: "node_getPeers", params: [] }], 2_000);
    const count = Array.isArray(found) ? found.length : 0;
    return count > 0
      ? ok(`${count}`)
      : fail("none → see that the p2p port is open, TCP and UDP, and that --ip is what others reach");
  },
};

function gossips({ node }: CheckContext): boolean {
  return traitsOf(node.role).listens && node.variables.get("P2P_ENABLED") !== "false";
}

/** Of ports, and of what answers on them. */
export const portChecks: readonly Check[] = [rpcPort, p2pTcp, p2pUdp, ready, peers];
