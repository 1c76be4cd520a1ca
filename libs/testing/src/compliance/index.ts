export { gossipCompliance, type GossipSubscriptions, type OpenGossip, type OpenGossipNetwork } from "./gossip.js";
export { kvStoreCompliance } from "./kv-store.js";
export {
  type OpenRequestNetwork,
  type OpenRequests,
  type RequestMember,
  requestResponseCompliance,
  type ServedProtocols,
} from "./request-response.js";
export { type BlockContent, type OpenStateStore, stateStoreCompliance } from "./state-store.js";
export { storeFaultCompliance, type StoreScenario } from "./store-faults.js";
