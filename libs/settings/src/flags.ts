import type { Composition, SettingsGroups } from "./compose.js";
import type { Setting } from "./declaration.js";
import { addGiven, type Given, type Layer } from "./layer.js";
import type { SettingsProblem } from "./settings-error.js";
import { suggest } from "./suggest.js";

/**
 * Reads `--name value`, `--name=value` and, where the parser has a meaning for it, `--name` alone. What is not a flag
 * is an argument; `--` ends the flags. A word that looks like a flag is never taken for a value: write `--name=-5`.
 */
export function readFlags(
  composition: Composition<SettingsGroups>,
  args: readonly string[],
): Layer & { readonly positionals: readonly string[]; readonly spilt: ReadonlyMap<number, string> } {
  const given = new Map<Setting, Given[]>();
  const problems: SettingsProblem[] = [];
  const positionals: string[] = [];
  /** Positions of words that are probably the rest of a secret without quotes, and its flag. */
  const spilt = new Map<number, string>();
  let secretFlag: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    if (word === "--") {
      positionals.push(...args.slice(i + 1));
      break;
    }
    if (!isFlag(word)) {
      if (secretFlag !== undefined) spilt.set(positionals.length, secretFlag);
      positionals.push(word);
      continue;
    }
    const cut = word.indexOf("=");
    const flag = cut < 0 ? word : word.slice(0, cut);
    const setting = composition.byFlag.get(flag)?.setting;
    secretFlag = setting?.secret ? flag : undefined;
    const next = args[i + 1];
    if (!setting) {
      const close = suggest(flag, composition.byFlag.keys());
      problems.push({
        name: flag,
        text: `${flag}: there is no such flag${close ? `; did you mean ${close}?` : "; --help lists them all"}`,
      });
      // The word after an unknown flag may be its value: it is not an argument of its own.
      if (cut < 0 && next !== undefined && !isFlag(next)) i++;
    } else if (cut >= 0) {
      addGiven(given, setting, { name: flag, text: word.slice(cut + 1) });
    } else if (
      next !== undefined &&
      !isFlag(next) &&
      (setting.parse.bare === undefined || setting.parse.read(next) !== undefined)
    ) {
      addGiven(given, setting, { name: flag, text: next });
      i++;
    } else if (setting.parse.bare !== undefined) {
      addGiven(given, setting, { name: flag, text: setting.parse.bare });
    } else {
      problems.push({ name: flag, text: `${flag} needs a value: give ${setting.parse.expected}` });
    }
  }
  return { source: "a flag", given, problems, warnings: [], positionals, spilt };
}

/** Whether the arguments ask for help. */
export function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some(word => word === "--help" || word === "-h");
}

/** Whether the arguments ask for the version. */
export function wantsVersion(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).includes("--version");
}

function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}
