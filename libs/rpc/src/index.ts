export {
  brokerMethods,
  proverMethods,
  address,
  type AsyncApi,
  blockNumber,
  bytes,
  createNodeClient,
  createRpcClient,
  epoch,
  field,
  type Method,
  type MethodGroup,
  type NodeClientOptions,
  nodeMethods,
  type Param,
  RemoteError,
  type RpcClientOptions,
  RpcError,
  RpcErrorCode,
  type RpcErrorPayload,
  seconds,
  slot,
  u32,
  uint,
  unixSeconds,
  wei,
} from "./client.js";
export { createFeedReader, type FeedReaderOptions } from "./feed-reader.js";
export { bindError } from "./bind-error.js";
export { MAX_BATCH } from "./dispatcher.js";
export { isLoopback } from "./http/allowed-hosts.js";
export { type DiscoverApi, discoverMethods, type OpenRpcDocument, openRpcDocument } from "./open-rpc.js";
export {
  MAX_ANSWER_BYTES,
  MAX_BODY_BYTES,
  type Readiness,
  RpcServer,
  type RpcServerDependencies,
  type RpcServerSettings,
} from "./rpc-server.js";
export { sentinelMethods } from "./sentinel-methods.js";
export { type ServedGroup, serveGroup } from "./served-group.js";
export type { RpcSettings } from "./settings.js";
