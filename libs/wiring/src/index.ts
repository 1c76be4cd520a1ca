export { createRemoteAgent } from "./create-agent.js";
export { type BotOptions, createNetworkBot } from "./create-bot.js";
export { createNode, type CreatedNode } from "./create-node.js";
export {
  createProofSystem,
  crsProgressLines,
  openProofSystem,
  type ProofSystem,
  tellProofMode,
} from "./proof-system.js";
export { FaucetFunding } from "./faucet-funding.js";
export { genesisOf } from "./genesis.js";
export { loadDeployment } from "./load-deployment.js";
export { publisherKey } from "./load-keys.js";
export { LocalNetwork, type LocalNetworkOptions } from "./local-network.js";
export type { NodeOptions, NodeSettings } from "./node-options.js";
export { parts } from "./node-tokens.js";
export { openNodeResources, type NodeResources, Prefix, type ProcessResources, SCHEMA_VERSION } from "./resources.js";
export { type Role, roles } from "./roles.js";
export { exitWith, readOptionalFile, runUntilStopped, versionOf } from "./run-app.js";
export { createRunningNode, rolesOf, type RunNodeOptions } from "./run-node.js";
export { RemoteBot, type RemoteBotOptions } from "./run-bot.js";
export { WiringError, WiringErrorCode } from "./wiring-error.js";
