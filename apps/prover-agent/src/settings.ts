import { circuitsSettings } from "@sprtn/circuits-client/settings";
import { fieldHasherSettings } from "@sprtn/field-hasher/settings";
import { observabilitySettings } from "@sprtn/observability/settings";
import { proverAgentSettings, proverQueueSettings } from "@sprtn/prover/settings";
import { composeSettings } from "@sprtn/settings";

/** Every setting of an agent. */
export const agentSettings = composeSettings({
  agent: proverAgentSettings,
  queue: proverQueueSettings,
  circuits: circuitsSettings,
  fieldHasher: fieldHasherSettings,
  observability: observabilitySettings,
});
