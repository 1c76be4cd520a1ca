// What a wallet or tool needs to talk to a node, without the server.
export type { AsyncApi, Method, MethodGroup, Param } from "./method-group.js";
export { createNodeClient, type NodeClientOptions } from "./node-client.js";
export { nodeMethods } from "./node-methods.js";
export { brokerMethods, proverMethods } from "./prover-methods.js";
export { createRpcClient, type RpcClientOptions } from "./rpc-client.js";
export { RemoteError, RpcError, RpcErrorCode, type RpcErrorPayload } from "./rpc-error.js";
export {
  address,
  blockNumber,
  bytes,
  epoch,
  field,
  seconds,
  slot,
  u32,
  uint,
  unixSeconds,
  wei,
} from "@sprtn/protocol/json";
