export { createNode, type CreatedNode } from "./create-node.js";
export { genesisOf } from "./genesis.js";
export type { NodeOptions, NodeSettings } from "./node-options.js";
export { parts } from "./node-tokens.js";
export { openNodeResources, type NodeResources, type ProcessResources, SCHEMA_VERSION } from "./resources.js";
export { type Role, roles } from "./roles.js";
export { WiringError, WiringErrorCode } from "./wiring-error.js";
