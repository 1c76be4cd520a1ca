import { type Role, traitsOf } from "@sprtn/operator";
import { type Explanation, parseSettings } from "@sprtn/settings";
import { agentSettings, contradictionsOf, nodeSettings, presetOf } from "@sprtn/wiring/settings";

/** Reads a `.env` as the node will, and explains it. @throws SettingsError INVALID, with all that is wrong */
export function checkSettings(
  role: Role,
  envFile: { readonly name: string; readonly text: string },
): readonly Explanation[] {
  if (traitsOf(role).program === "prover-agent") return parseSettings(agentSettings, { envFile }).explain();
  return parseSettings(nodeSettings, { envFile, preset: presetOf, contradictions: contradictionsOf }).explain();
}
