export type { OpenedQueue, NodePorts, QueueParts } from "./assemble/node-ports.js";
export type { Network, OpenNetwork } from "./assemble/network.js";
export { Prefix, SCHEMA_VERSION, type StoreName } from "./assemble/stores.js";
export { ports } from "./container/node-tokens.js";
export { createNodeContainer, type NodeContainer, type ReplacePorts } from "./container/node-container.js";
export type { Bind, Get, Token } from "./container/token.js";
export { createRemoteAgent } from "./create-agent.js";
export { type BotOptions, createNetworkBot } from "./create-bot.js";
export { createNode, type CreatedNode } from "./create-node.js";
export { type AssembledNode, assembleNode, type NodeParts } from "./node.js";
export {
  createProofSystem,
  crsProgressLines,
  openProofSystem,
  type ProofSystem,
  tellProofMode,
} from "./proof-system.js";
export { FaucetFunding } from "./faucet-funding.js";
export { genesisOf } from "./genesis.js";
export { loadDeployment, type PatientJoiner } from "./load-deployment.js";
export { publisherKey } from "./load-keys.js";
export { LocalNetwork, type LocalNetworkOptions, type LocalNetworkResources } from "./local-network/network.js";
export { createProgramMetrics, type ProgramMetricsDependencies } from "./metrics-server.js";
export type { NodeOptions, NodeSettings } from "./node-options.js";
export type { NodeEnvironment, ProcessResources } from "./process-resources.js";
export { type Role, roles } from "./roles.js";
export { createRunningNode, rolesOf, type RunningNode, type RunNodeOptions, StartedNode } from "./running-node.js";
export { type RemoteLoadDependencies, type RemoteLoadOptions, runRemoteLoad } from "./run-load.js";
export { RemoteBot, type RemoteBotOptions } from "./run-bot.js";
export { WiringError, WiringErrorCode } from "./wiring-error.js";
