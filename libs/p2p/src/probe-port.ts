import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, isIPv6 } from "node:net";
import { bindReason } from "@sprtn/runtime";
import { P2pError, P2pErrorCode } from "./p2p-error.js";

/** Binds and frees a TCP port, because libp2p hides why it cannot listen. @throws PORT_TAKEN, BAD_ADDRESS */
export async function probeTcpPort(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    throw bindError({ transport: "TCP", setting: "P2P_TCP_LISTEN_ADDR", host, port }, error);
  }
  server.close();
  await once(server, "close");
}

/**
 * As {@link probeTcpPort}, because discv5 lets a failure to bind end the process. Returns the port, a free one for 0.
 */
export async function probeUdpPort(host: string, port: number): Promise<number> {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  try {
    socket.bind(port, host);
    await once(socket, "listening");
  } catch (error) {
    socket.close();
    throw bindError({ transport: "UDP", setting: "P2P_UDP_LISTEN_ADDR", host, port }, error);
  }
  const bound = socket.address().port;
  socket.close();
  await once(socket, "close");
  return bound;
}

interface Binding {
  readonly transport: "TCP" | "UDP";
  readonly setting: string;
  readonly host: string;
  readonly port: number;
}

function bindError({ transport, setting, host, port }: Binding, cause: unknown): P2pError {
  const value = `${host}:${port}`;
  if ((cause as NodeJS.ErrnoException).code === "EADDRINUSE") {
    return new P2pError(
      P2pErrorCode.PORT_TAKEN,
      `${transport} port ${port} on ${host} is in use by another process: stop it, or set ${setting} to another port`,
      { value },
      { cause },
    );
  }
  return new P2pError(
    P2pErrorCode.BAD_ADDRESS,
    `cannot listen on ${transport} ${value}, because ${bindReason(cause)}: set ${setting} to an address of this ` +
      "machine and a port that this user may open",
    { value },
    { cause },
  );
}
