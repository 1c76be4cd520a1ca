import { type Role, traitsOf } from "@sprtn/operator";
import { type Explanation, helpText, parseSettings } from "@sprtn/settings";
import { agentSettings, contradictionsOf, nodeSettings, presetOf } from "@sprtn/wiring/settings";

/** Reads a `.env` as the node will, and explains it. @throws SettingsError INVALID, with all that is wrong */
export function checkSettings(
  role: Role,
  envFile: { readonly name: string; readonly text: string },
): readonly Explanation[] {
  if (traitsOf(role).program === "prover-agent") return parseSettings(agentSettings, { envFile }).explain();
  return parseSettings(nodeSettings, { envFile, preset: presetOf, contradictions: contradictionsOf }).explain();
}

/** Every setting of a node and of an agent, for `--set`. */
export function settingsHelp(): string {
  const node = helpText(nodeSettings, "Settings of a node, for sprtn config --set NAME=value and for its .env:");
  return `${node}\n${helpText(agentSettings, "Settings of a prover agent:")}`;
}
