export { agentSettings } from "./settings/agent-settings.js";
export { botProcessSettings } from "./settings/bot-settings.js";
export { type LocalNetworkSettings, localNetworkSettings } from "./settings/local-network-settings.js";
export { type MetricsSettings, metricsSettings } from "./settings/metrics-settings.js";
export { bothGiven, keyContradictions } from "./settings/contradictions.js";
export { localPreset } from "./settings/local-presets.js";
export { contradictionsOf, nodeSettings, presetOf } from "./settings/node-settings.js";
export { type ProcessSettings, processSettings } from "./settings/process-settings.js";
