import { type Installation, VOLUME } from "./installation.js";
import { roleFlags, traitsOf } from "./role.js";

/** Where the container has a node's data. */
export const CONTAINER_DATA = "/data";

/**
 * What an installation sets, in the order of its file; `undefined` takes away what an earlier one has set. All other
 * variables of the file are the operator's own.
 */
export function envVariables(installation: Installation): ReadonlyMap<string, string | undefined> {
  const { role, mode, name, data, further } = installation;
  const { flags, l1, listens, program } = traitsOf(role);
  const variables = new Map<string, string | undefined>([
    ["SPRTN_ROLE", role],
    ["SPRTN_MODE", mode],
    [program === "node" ? "NODE_NAME" : "PROVER_AGENT_NAME", name],
    ...roleFlags.map(flag => [flag, flags.includes(flag) ? "true" : undefined] as const),
    ["DEPLOYMENT_FILE", installation.deploymentFile],
    ["BOOTNODE_URL", installation.bootnodeUrl],
    ["ETHEREUM_HOST", l1 ? installation.ethereumHosts.join(",") : undefined],
    ["L1_CHAIN_ID", l1 ? installation.l1ChainId?.toString() : undefined],
    ["AZTEC_PORT", listens ? String(installation.rpcPort) : undefined],
    ...(listens ? listening(installation) : []),
    ["PROVER_BROKER_HOST", installation.brokerUrl],
    ["PROVER_BROKER_TOKEN", installation.brokerToken],
    ["DATA_DIRECTORY", program === "node" ? (data === VOLUME ? CONTAINER_DATA : data) : undefined],
    ...keys(installation),
  ]);
  for (const [key, value] of Object.entries(further)) variables.set(key, value);
  return variables;
}

function listening({ p2pPort, ip }: Installation): [string, string | undefined][] {
  // A node that is known by this machine's own address alone is for this machine alone.
  const address = ip !== undefined && isLoopback(ip) ? ip : "0.0.0.0";
  const announced = ip === undefined ? undefined : `${ip === "auto" ? "" : ip}:${p2pPort}`;
  return [
    ["P2P_TCP_LISTEN_ADDR", `${address}:${p2pPort}`],
    ["P2P_UDP_LISTEN_ADDR", `${address}:${p2pPort}`],
    ["P2P_TCP_ANNOUNCE_ADDR", announced],
    ["P2P_UDP_ANNOUNCE_ADDR", announced],
    ["P2P_QUERY_FOR_IP", ip === "auto" ? "true" : undefined],
  ];
}

function keys({ role, privateKey, peerKey }: Installation): [string, string | undefined][] {
  const { keyName } = traitsOf(role);
  return [
    ...["SEQ_PUBLISHER_PRIVATE_KEY", "PROVER_PUBLISHER_PRIVATE_KEY"].map(
      name => [name, name === keyName ? privateKey : undefined] as [string, string | undefined],
    ),
    ["PEER_ID_PRIVATE_KEY", peerKey],
  ];
}

/** Whether an address is one of this machine to itself. */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
