import type { ComposedSettings, Composition, GroupedSetting, SettingsGroups } from "./compose.js";
import { flagsOf, type Setting } from "./declaration.js";
import { parseEnvFile } from "./env-file.js";
import { type Explanation, explanationOf } from "./explain.js";
import { readFlags } from "./flags.js";
import type { Given, Layer } from "./layer.js";
import { readConfiguration, readVariables } from "./named-values.js";
import { Secret } from "./secret.js";
import { shownUrl } from "./url-parser.js";
import { invalidSettings, type SettingsProblem } from "./settings-error.js";

/** Where settings come from, first wins. All of it is data: the caller reads the process and the disk. */
export interface SettingsSources {
  /** The words after the program's name. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A `.env` file's name and text. */
  readonly envFile?: { readonly name: string; readonly text: string } | undefined;
  /** A configuration file's name and what its YAML or JSON holds. */
  readonly configFile?: { readonly name: string; readonly values: unknown } | undefined;
  /** Chooses a preset by what the sources above give (`raw("NETWORK")`): its own defaults, by environment name. */
  readonly preset?: (
    raw: (env: string) => string | undefined,
  ) => { readonly name: string; readonly values: unknown } | undefined;
  /** What settings contradict each other though each fits: modes that exclude one another. */
  readonly contradictions?: (given: GivenSettings, values: SettingsValues) => readonly SettingsProblem[];
  /** How many words that are not flags are welcome; 0 unless told. */
  readonly maxPositionals?: number;
}

/** A setting as somebody gave it, by environment name; presets and defaults are not given. */
export type GivenSettings = (env: string) => GivenSetting | undefined;

/** What a setting is read as, by environment name; `undefined` if its text does not fit. */
export type SettingsValues = (env: string) => unknown;

/** How a setting was given. */
export interface GivenSetting {
  /** The flag, the environment name or the key. */
  readonly name: string;
  readonly text: string;
  readonly byFlag: boolean;
}

/** Every setting's value, and what there is to say about where it came from. */
export interface ParsedSettings<G extends SettingsGroups> {
  readonly settings: ComposedSettings<G>;
  /** The words that are not flags. */
  readonly positionals: readonly string[];
  /** Likely slips that are not errors. */
  readonly warnings: readonly string[];
  /** Each setting's value and where it came from, in the order of declaration. */
  explain(): readonly Explanation[];
}

/** Reads every setting. Throws a single INVALID error that lists all problems. */
export function parseSettings<G extends SettingsGroups>(
  composition: Composition<G>,
  sources: SettingsSources,
): ParsedSettings<G> {
  const { layers, positionals, spilt } = readLayers(composition, sources);
  const problems = layers.flatMap(layer => layer.problems);
  const { maxPositionals = 0 } = sources;
  for (const flag of new Set([...spilt].flatMap(([at, name]) => (at < maxPositionals ? [] : [name]))))
    problems.push({ name: flag, text: `${flag} is followed by further words (not shown): put its value in quotes` });
  for (const [at, word] of positionals.entries())
    if (at >= maxPositionals && !spilt.has(at))
      problems.push({
        name: word,
        text: `${JSON.stringify(shownUrl(word))} is neither a flag nor the value of one; --help lists the flags`,
      });
  const settings: Record<string, Record<string, unknown>> = Object.fromEntries(
    Object.keys(composition.groups).map(group => [group, {}]),
  );
  const explanations: Explanation[] = [];
  const values = new Map<Setting, unknown>();
  for (const entry of composition.all) {
    const { value, source } = readSetting(entry, layers, problems);
    const { setting } = entry;
    values.set(setting, value);
    (settings[entry.group] as Record<string, unknown>)[entry.key] =
      setting.secret && value !== undefined ? new Secret(value) : value;
    explanations.push(explanationOf(entry, value, source));
  }
  const valueOf = (env: string) => values.get(composition.byName.get(env)?.setting as Setting);
  problems.push(...(sources.contradictions?.(env => givenIn(composition, layers, env), valueOf) ?? []));
  if (problems.length > 0) throw invalidSettings(problems);
  return {
    settings: settings as ComposedSettings<G>,
    positionals,
    warnings: layers.flatMap(layer => layer.warnings),
    explain: () => explanations,
  };
}

const PRESET = "preset ";

function givenIn(
  composition: Composition<SettingsGroups>,
  layers: readonly Layer[],
  env: string,
): GivenSetting | undefined {
  const setting = composition.byName.get(env)?.setting;
  for (const { source, given } of layers) {
    const first = setting && given.get(setting)?.[0];
    if (first && !source.startsWith(PRESET))
      return { name: first.name, text: first.text.trim(), byFlag: first.name.startsWith("-") };
  }
  return undefined;
}

function readLayers(
  composition: Composition<SettingsGroups>,
  sources: SettingsSources,
): { layers: Layer[]; positionals: readonly string[]; spilt: ReadonlyMap<number, string> } {
  const flags = readFlags(composition, sources.args ?? []);
  const layers: Layer[] = [
    flags,
    readVariables(composition, { source: "the environment" }, Object.entries(sources.env ?? {})),
  ];
  if (sources.envFile) {
    const { name, text } = sources.envFile;
    const { values, problems } = parseEnvFile(name, text);
    layers.push(readVariables(composition, { source: name, problems }, values));
  }
  if (sources.configFile)
    layers.push(readConfiguration(composition, sources.configFile.name, sources.configFile.values));
  const raw = (env: string) => {
    const setting = composition.byName.get(env)?.setting;
    return setting && layers.flatMap(layer => layer.given.get(setting) ?? [])[0]?.text.trim();
  };
  const preset = sources.preset?.(raw);
  if (preset) layers.push(readConfiguration(composition, `${PRESET}${preset.name}`, preset.values));
  return { layers, positionals: flags.positionals, spilt: flags.spilt };
}

function readSetting(
  { setting }: GroupedSetting,
  layers: readonly Layer[],
  problems: SettingsProblem[],
): { value: unknown; source: string } {
  for (const { source, given } of layers) {
    const [first, ...others] = given.get(setting) ?? [];
    if (!first) continue;
    const rival = others.find(other => other.text.trim() !== first.text.trim());
    if (!rival && others.length > 0 && first.name.startsWith("-"))
      problems.push({ name: setting.env, text: `${first.name} is given twice: give it once` });
    if (rival) {
      const names =
        first.name === rival.name
          ? `${first.name} is given twice`
          : `${first.name} and ${rival.name} are the same setting`;
      problems.push({ name: setting.env, text: `${names}, with different values, from ${source}: give one` });
    }
    const value = setting.parse.read(first.text.trim());
    if (value === undefined) problems.push({ name: setting.env, text: badValue(setting, first, source) });
    return { value, source: first.name.startsWith("-") ? `flag ${first.name}` : source };
  }
  if (!("default" in setting))
    problems.push({
      name: setting.env,
      text:
        `${setting.env} is missing: give ${setting.parse.expected} (${setting.description}), by ` +
        `${flagsOf(setting)[0]}, the environment or a file`,
    });
  return { value: setting.default, source: "default" };
}

function badValue(setting: Setting, { name, text }: Given, source: string): string {
  const where = name.startsWith("-") ? name : `${name} (from ${source})`;
  const { expected, redact, advise } = setting.parse;
  const what = setting.secret ? "the value (not shown)" : JSON.stringify(redact ? redact(text.trim()) : text);
  return `${where}: ${what} does not fit; ${advise?.(text.trim()) ?? `give ${expected}`}`;
}
