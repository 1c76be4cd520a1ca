import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** Whether nobody can listen on a TCP port of an address of this machine, 127.0.0.1 unless told. */
export async function isPortTaken(port: number, address = "127.0.0.1"): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, "listening");
    const closed = once(server, "close");
    server.close();
    await closed;
    return false;
  } catch {
    return true;
  }
}

/** As {@link isPortTaken}, for UDP. */
export async function isUdpPortTaken(port: number, address = "127.0.0.1"): Promise<boolean> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  try {
    socket.bind(port, address);
    await once(socket, "listening");
    return false;
  } catch {
    return true;
  } finally {
    const closed = once(socket, "close");
    socket.close();
    await closed;
  }
}
