import { createServer } from "node:net";
import { once } from "node:events";
import type { Service } from "@sprtn/ports";
import { bindError } from "@sprtn/rpc";

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
      throw bindError(this.settings, cause);
    }
    const closed = once(server, "close");
    server.close();
    await closed;
  }

  async stop(): Promise<void> {}
}
