import type { GroupedSetting } from "./compose.js";
import { formatValue } from "./parser.js";
import type { Setting } from "./declaration.js";

/** One setting's value as people may see it, and where it came from. */
export interface Explanation {
  readonly group: string;
  /** The environment name. */
  readonly name: string;
  /** "[secret]" for a secret, "not set" for one that was left out. */
  readonly value: string;
  /** "flag --aztec-port", "the environment", a file's name, "preset local" or "default". */
  readonly source: string;
}

export function explanationOf({ group, setting }: GroupedSetting, value: unknown, source: string): Explanation {
  return { group, name: setting.env, value: shownValue(setting, value), source };
}

/** The default as help and reference show it. */
export function shownDefault(setting: Setting): string {
  if (setting.defaultText !== undefined) return setting.defaultText;
  return "default" in setting ? shownValue(setting, setting.default) : "must be given";
}

/** One line a setting: name, value, source. */
export function formatExplanations(explanations: readonly Explanation[]): string {
  const width = (pick: (explanation: Explanation) => string) =>
    Math.max(0, ...explanations.map(explanation => pick(explanation).length));
  const nameWidth = width(explanation => explanation.name);
  const valueWidth = Math.min(
    60,
    width(explanation => explanation.value),
  );
  return explanations
    .map(({ name, value, source }) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}`)
    .join("\n");
}

function shownValue(setting: Setting, value: unknown): string {
  if (value === undefined) return setting.defaultText ?? "not set";
  return setting.secret ? "[secret]" : formatValue(setting.parse, value);
}
