import type { FieldHasher } from "@sprtn/primitives";
import type { NodeApi } from "@sprtn/ports";
import { nodeMethods } from "./node-methods.js";
import { createRpcClient, type RpcClientOptions } from "./rpc-client.js";
import { RpcError, RpcErrorCode } from "./rpc-error.js";

/** A client's options; with a `hasher` it computes a decoded transaction's hash. */
export interface NodeClientOptions extends RpcClientOptions {
  /** Computes the hashes of the transactions that `getTx` answers; without one `getTx` throws NO_HASHER. */
  readonly hasher?: FieldHasher;
}

/** The NodeApi of the node at `url`, as in "http://127.0.0.1:8080". @throws RpcError BAD_URL */
export function createNodeClient(url: string, options: NodeClientOptions = {}): NodeApi {
  return createRpcClient(nodeMethods(options.hasher ?? noHasher), url, options);
}

/** A default would bring 26 kB of round constants to every page that only reads the chain. */
const noHasher: FieldHasher = { hash: missing, hashPairs: missing, hashRows: missing };

function missing(): never {
  throw new RpcError(
    RpcErrorCode.NO_HASHER,
    "the client computes a transaction's hash: give createNodeClient a hasher, such as jsFieldHasher of " +
      "@sprtn/primitives",
    {},
  );
}
