import { createServer } from "node:net";
import { once } from "node:events";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Service } from "@sprtn/ports";
import { RpcError, RpcErrorCode } from "@sprtn/rpc";

/**
 * Finds out at the start, before the node joins its network, whether the RPC server will get its port: it listens last,
 * and a node that leaves again after a second is a nuisance to its peers.
 */
export class RpcPortCheck implements Service {
  constructor(private readonly settings: { readonly host: string; readonly port: number }) {}

  /** @throws RpcError PORT_TAKEN, BIND_FAILED */
  async start(): Promise<void> {
    const { host, port } = this.settings;
    const server = createServer();
    try {
      server.listen({ host, port });
      await once(server, "listening");
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "EADDRINUSE")
        throw new RpcError(
          RpcErrorCode.PORT_TAKEN,
          `port ${port} on ${host} is in use: stop the program that listens there, or give the RPC server another ` +
            "port with AZTEC_PORT (--aztec-port)",
          { port },
          { cause },
        );
      throw new RpcError(
        RpcErrorCode.BIND_FAILED,
        `cannot listen on ${host}, port ${port} (${codeOf(cause)}: ${messageOf(cause)}): set RPC_HOST to an ` +
          "address of this machine, and AZTEC_PORT to a port that this user may open",
        { port },
        { cause },
      );
    }
    const closed = once(server, "close");
    server.close();
    await closed;
  }

  async stop(): Promise<void> {}
}
