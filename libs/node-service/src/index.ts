export type { FiguresDependencies } from "./feed/figures.js";
export { NodeFeed, type NodeFeedDependencies, type NodeFeedSettings } from "./feed/node-feed.js";
export { nodeInfo } from "./node-info.js";
export {
  type NetworkView,
  NodeService,
  type NodeServiceDependencies,
  type NodeServiceSettings,
} from "./node-service.js";
export { NodeServiceError, NodeServiceErrorCode } from "./node-service-error.js";
export { type ReceiptDependencies, txReceipt } from "./tx-receipt.js";
