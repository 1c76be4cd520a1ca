import { type FieldHasher, jsFieldHasher } from "@sprtn/primitives";
import type { NodeApi } from "@sprtn/ports";
import { nodeMethods } from "./node-methods.js";
import { createRpcClient, type RpcClientOptions } from "./rpc-client.js";

export interface NodeClientOptions extends RpcClientOptions {
  /** Computes the hashes of transactions; plain JavaScript by default. */
  readonly hasher?: FieldHasher;
}

/** The NodeApi of the node at `url`, as in "http://127.0.0.1:8080". */
export function createNodeClient(url: string, options: NodeClientOptions = {}): NodeApi {
  return createRpcClient(nodeMethods(options.hasher ?? jsFieldHasher), url, options);
}
