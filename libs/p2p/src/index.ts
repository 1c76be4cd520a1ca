export type { AnnounceEndpoint, ListenEndpoint } from "./endpoint.js";
export { type IdentityStore, kvIdentityStore } from "./identity.js";
export { messageId, type NetworkId, REQUEST_PROTOCOLS, requestProtocolId, topicName, TOPICS } from "./network.js";
export type { P2pDependencies } from "./p2p-dependencies.js";
export { P2pError, P2pErrorCode, type P2pErrorPayload } from "./p2p-error.js";
export { P2pNode } from "./p2p-node.js";
export { type P2pSettings, p2pSettingsFrom } from "./p2p-settings.js";
export type { PeerEvent, PeerInfo } from "./peer-info.js";
