import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import { messageOf } from "@sprtn/primitives";
import { P2pError, P2pErrorCode } from "./p2p-error.js";

/** For a peer to take note that the connection closes; then it is cut. */
const CLOSE_MS = 1_000;
const DIAL_MS = 10_000;

/** Connects by address; libp2p tries them in turn. @throws DIAL_FAILED */
export async function dial(libp2p: Libp2p, addresses: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await libp2p.dial(
      addresses.map(address => multiaddr(address)),
      { signal: AbortSignal.any([signal, AbortSignal.timeout(DIAL_MS)]) },
    );
  } catch (cause) {
    const value = addresses.join(", ");
    throw new P2pError(
      P2pErrorCode.DIAL_FAILED,
      `cannot connect to ${value} (${messageOf(cause)}): check that the node is running and reachable`,
      { value },
      { cause },
    );
  }
}

/** Closes every connection to `peer`. Never rejects. */
export async function hangUp(libp2p: Libp2p, peer: string): Promise<void> {
  await Promise.all(
    connectionsTo(libp2p, peer).map(async connection => {
      try {
        await connection.close({ signal: AbortSignal.timeout(CLOSE_MS) });
      } catch (error) {
        connection.abort(error as Error);
      }
    }),
  );
}

/** A stream over an open connection; never dials. @throws PEER_GONE, or libp2p's errors */
export async function openStream(
  libp2p: Libp2p,
  { peer, protocolId }: { readonly peer: string; readonly protocolId: string },
  signal: AbortSignal,
): Promise<Stream> {
  const connection = connectionsTo(libp2p, peer).find(({ status }) => status === "open");
  if (!connection)
    throw new P2pError(P2pErrorCode.PEER_GONE, `peer ${peer.slice(0, 100)} is not connected: ask another peer`, {
      peer,
    });
  return connection.newStream(protocolId, { signal });
}

function connectionsTo(libp2p: Libp2p, peer: string): Connection[] {
  return libp2p.getConnections().filter(({ remotePeer }) => remotePeer.toString() === peer);
}
