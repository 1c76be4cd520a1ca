import { bindReason } from "@sprtn/runtime";
import { RpcError, RpcErrorCode } from "./rpc-error.js";
import type { RpcSettings } from "./settings.js";

const elsewhere = "set RPC_HOST to an address of this machine";
const anotherPort = "set AZTEC_PORT (--aztec-port) to a port that this user may open, such as one above 1023";
const advice: Readonly<Record<string, string>> = {
  EACCES: anotherPort,
  EPERM: anotherPort,
  EADDRNOTAVAIL: elsewhere,
  EAFNOSUPPORT: elsewhere,
  ENOTFOUND: elsewhere,
  EAI_AGAIN: elsewhere,
};

/** What keeps the server from listening, and what to do: PORT_TAKEN or BIND_FAILED. */
export function bindError({ host, port }: Pick<RpcSettings, "host" | "port">, cause: unknown): RpcError {
  const { code = "" } = (cause ?? {}) as { readonly code?: string };
  if (code === "EADDRINUSE") {
    const text =
      `port ${port} on ${host} is in use by another process: stop the program that listens there, or give the RPC ` +
      "server another port with AZTEC_PORT (--aztec-port)";
    return new RpcError(RpcErrorCode.PORT_TAKEN, text, { port }, { cause });
  }
  const toDo = Object.hasOwn(advice, code) ? advice[code] : `${elsewhere}, or ${anotherPort}`;
  const text = `cannot listen on ${host}, port ${port}, because ${bindReason(cause)}: ${toDo}`;
  return new RpcError(RpcErrorCode.BIND_FAILED, text, { port }, { cause });
}
