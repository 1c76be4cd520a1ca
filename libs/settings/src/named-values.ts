import { type Composition, type GroupedSetting, type SettingsGroups } from "./compose.js";
import type { Setting } from "./declaration.js";
import { addGiven, type Given, type Layer } from "./layer.js";
import type { SettingsProblem } from "./settings-error.js";
import { editDistance, suggest } from "./suggest.js";

/** The layer of environment variables. Undeclared names belong to other programs, except for likely typing errors. */
export function readVariables(
  composition: Composition<SettingsGroups>,
  { source, problems = [] }: { readonly source: string; readonly problems?: readonly SettingsProblem[] },
  variables: Iterable<readonly [string, string | undefined]>,
): Layer {
  const given = new Map<Setting, Given[]>();
  const warnings: string[] = [];
  for (const [name, text] of variables) {
    // An empty variable is how composed containers say "not set".
    if (text === undefined || text.trim() === "") continue;
    const entry = composition.byName.get(name);
    if (entry) addGiven(given, entry.setting, { name, text });
    else if (name.length >= 8) {
      const close = [...composition.byName.keys()].find(known => editDistance(name, known) <= 2);
      if (close) warnings.push(`${name} (from ${source}) is not a setting; did you mean ${close}?`);
    }
  }
  return { source, given, problems, warnings };
}

/**
 * The layer of a parsed configuration file: a map whose keys are environment names (AZTEC_PORT) or flags without dashes
 * (aztec-port), whose values are texts, numbers, booleans or lists of them. The file is ours, so an unknown key is a
 * problem.
 */
export function readConfiguration(composition: Composition<SettingsGroups>, source: string, values: unknown): Layer {
  const given = new Map<Setting, Given[]>();
  const problems: SettingsProblem[] = [];
  const done = () => ({ source, given, problems, warnings: [] });
  if (values === undefined || values === null) return done();
  if (typeof values !== "object" || Array.isArray(values)) {
    problems.push({
      name: source,
      text: `${source}: expected a map of settings at the top level, such as AZTEC_PORT: 8080`,
    });
    return done();
  }
  for (const [key, value] of Object.entries(values)) {
    const entry = findKey(composition, key);
    if (!entry) {
      const close = suggest(key, composition.byName.keys()) ?? suggest(`--${key}`, composition.byFlag.keys())?.slice(2);
      problems.push({
        name: key,
        text: `${key} (from ${source}) is not a setting${close ? `; did you mean ${close}?` : ""}`,
      });
      continue;
    }
    if (value === null || value === undefined) continue;
    const text = scalarText(value);
    if (text === undefined)
      problems.push({
        name: entry.setting.env,
        text: `${key} (from ${source}): expected ${entry.setting.parse.expected}, as one value or a flat list`,
      });
    else addGiven(given, entry.setting, { name: key, text });
  }
  return done();
}

function findKey(composition: Composition<SettingsGroups>, key: string): GroupedSetting | undefined {
  return composition.byName.get(key) ?? composition.byFlag.get(`--${key}`);
}

function scalarText(value: unknown): string | undefined {
  if (["string", "number", "boolean", "bigint"].includes(typeof value)) return String(value);
  if (!Array.isArray(value)) return undefined;
  const items = value.map(item => (Array.isArray(item) ? undefined : scalarText(item)));
  return items.includes(undefined) ? undefined : items.join(",");
}
