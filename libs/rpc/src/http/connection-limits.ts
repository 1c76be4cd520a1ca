import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface ConnectionLimits {
  /** Connections at once, in all. */
  readonly total: number;
  /** Connections at once of one address. */
  readonly perAddress: number;
  /** Requests that one connection has sent and that are not answered: pipelines are cut off beyond. */
  readonly requestsInFlight: number;
}

/** The connections that stand. */
export interface Connections {
  /** Ends those that wait for no answer, also such as have never sent a whole request. */
  closeIdle(): void;
  closeAll(): void;
}

/** Closes connections beyond the limits as they come; those that stand are not touched. */
export function limitConnections(server: Server, limits: ConnectionLimits): Connections {
  const sockets = new Set<Socket>();
  const open = new Map<string, number>();
  const inFlight = new WeakMap<Socket, number>();
  server.maxConnections = limits.total;
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const count = (open.get(address) ?? 0) + 1;
    if (count > limits.perAddress) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    const count = (inFlight.get(socket) ?? 0) + 1;
    if (count > limits.requestsInFlight) {
      socket.destroy();
      return;
    }
    inFlight.set(socket, count);
    response.once("close", () => inFlight.set(socket, (inFlight.get(socket) ?? 1) - 1));
  });
  return {
    closeIdle: () => {
      for (const socket of sockets) if ((inFlight.get(socket) ?? 0) === 0) socket.destroy();
    },
    closeAll: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Ends a connection once its answer is out: what the other side still sends is not read. */
export function closeAfter(response: ServerResponse): void {
  const { socket } = response;
  response.once("finish", () => socket?.destroySoon());
}
