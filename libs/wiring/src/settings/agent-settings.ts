import { circuitsSettings } from "@sprtn/circuits-client/settings";
import { fieldHasherSettings } from "@sprtn/field-hasher/settings";
import { observabilitySettings } from "@sprtn/observability/settings";
import { proverAgentSettings, proverQueueSettings } from "@sprtn/prover/settings";
import { composeSettings } from "@sprtn/settings";
import { metricsSettings } from "./metrics-settings.js";

/** Every setting of a prover agent. */
export const agentSettings = composeSettings({
  agent: proverAgentSettings,
  queue: proverQueueSettings,
  circuits: circuitsSettings,
  fieldHasher: fieldHasherSettings,
  metrics: metricsSettings,
  observability: observabilitySettings,
});
