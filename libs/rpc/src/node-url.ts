import { RpcError, RpcErrorCode } from "./rpc-error.js";

/** Of a page; elsewhere a URL must be whole. */
const PAGE = (globalThis as { readonly location?: { readonly href?: unknown } }).location?.href;

/**
 * That fetch can ask at `text`, which it refuses for URLs with credentials.
 * @throws RpcError BAD_URL, without the URL, which may hold a password
 */
export function requireNodeUrl(text: string): void {
  const base = typeof PAGE === "string" ? PAGE : undefined;
  if (!URL.canParse(text, base)) throw bad("the URL of a node is not one: give it as http://host:8080");
  const { protocol, host, username, password } = new URL(text, base);
  if (protocol !== "http:" && protocol !== "https:")
    throw bad(`the URL of a node begins with ${protocol}//: give one that begins with http:// or https://`);
  if (username === "" && password === "") return;
  throw bad(
    `the URL of the node at ${host} holds a user name or password, with which it cannot be called: leave them out. A ` +
      "broker knows its agents by PROVER_BROKER_TOKEN (an importer's client, by its option token); if a proxy asks " +
      "for them, use one that does not, or an address behind it",
  );
}

function bad(text: string): RpcError {
  return new RpcError(RpcErrorCode.BAD_URL, text, {});
}
