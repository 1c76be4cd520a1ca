export { WorldState, type WorldStateDependencies, type WorldStateSettings } from "./world-state.js";
export { WorldStateError, WorldStateErrorCode } from "./world-state-error.js";
