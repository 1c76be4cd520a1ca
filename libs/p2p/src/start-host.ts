import { messageOf } from "@sprtn/primitives";
import type { Host } from "./host.js";
import { type NetworkId, REQUEST_PROTOCOLS, requestProtocolId } from "./network.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import { REQUEST_LIMITS } from "./request-limits.js";
import type { RequestServer } from "./request-server.js";

/** Starts libp2p, with the requests of this network served from its first connection on. @throws START_FAILED */
export async function startHost({ libp2p }: Host, server: RequestServer, network: NetworkId): Promise<void> {
  for (const protocol of REQUEST_PROTOCOLS) {
    await libp2p.handle(
      requestProtocolId(network, protocol),
      (stream, connection) => server.serve(protocol, stream, connection.remotePeer.toString()),
      { maxInboundStreams: 2 * REQUEST_LIMITS[protocol].maxConcurrentPerPeer },
    );
  }
  try {
    await libp2p.start();
  } catch (cause) {
    throw new P2pError(
      P2pErrorCode.START_FAILED,
      `libp2p did not start (${messageOf(cause)}): check P2P_TCP_LISTEN_ADDR`,
      {},
      { cause },
    );
  }
}

/** The TCP port that it listens on; undefined if it listens on none. */
export function boundTcpPort({ libp2p }: Host): number | undefined {
  const component = libp2p
    .getMultiaddrs()
    .flatMap(address => address.getComponents())
    .find(({ name }) => name === "tcp");
  return component?.value === undefined ? undefined : Number(component.value);
}
