import { type Role, traitsOf } from "@sprtn/operator";
import { parseSettings } from "@sprtn/settings";
import { agentSettings, contradictionsOf, nodeSettings, presetOf } from "@sprtn/wiring/settings";

/** Reads a `.env` as the node will. @throws SettingsError INVALID, with all that is wrong */
export function checkSettings(role: Role, envFile: { readonly name: string; readonly text: string }): void {
  if (traitsOf(role).program === "prover-agent") parseSettings(agentSettings, { envFile });
  else parseSettings(nodeSettings, { envFile, preset: presetOf, contradictions: contradictionsOf });
}
