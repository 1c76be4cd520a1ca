import { readFileSync } from "node:fs";
import { codeOf, messageOf } from "@sprtn/primitives";
import {
  type Composition,
  helpText,
  type ParsedSettings,
  parseSettings,
  SettingsError,
  SettingsErrorCode,
  type SettingsGroups,
  type SettingsSources,
  wantsHelp,
  wantsVersion,
} from "@sprtn/settings";

/** A program, as its user sees it. */
export interface Program<G extends SettingsGroups> {
  readonly settings: Composition<G>;
  /** In front of the settings in `--help`. */
  readonly usage: string;
  readonly version: string;
  readonly preset?: SettingsSources["preset"];
  readonly contradictions?: SettingsSources["contradictions"];
  /** The flags; those of the process, unless given. */
  readonly args?: readonly string[];
  /** How many words that are not flags are welcome; 0 unless told. */
  readonly maxPositionals?: number;
}

/**
 * A program's settings, from its flags, the environment and `.env`. Ends the process for `--help` and `--version`, and
 * for mistakes, which are all told at once.
 */
export function readProgramSettings<G extends SettingsGroups>(program: Program<G>): ParsedSettings<G> {
  const { args = process.argv.slice(2) } = program;
  if (wantsVersion(args)) return endWith(`${program.version}\n`);
  if (wantsHelp(args)) return endWith(helpText(program.settings, program.usage));
  try {
    const envFile = readOptionalFile(".env");
    return parseSettings(program.settings, {
      args,
      env: process.env,
      envFile: envFile === undefined ? undefined : { name: ".env", text: envFile },
      ...(program.maxPositionals === undefined ? {} : { maxPositionals: program.maxPositionals }),
      ...(program.preset === undefined ? {} : { preset: program.preset }),
      ...(program.contradictions === undefined ? {} : { contradictions: program.contradictions }),
    });
  } catch (error) {
    process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
    return process.exit(2);
  }
}

function endWith(text: string): never {
  process.stdout.write(text);
  return process.exit(0);
}

/** The version in a program's `package.json`, which is a folder above `module`, the URL of its main. */
export function versionOf(module: string): string {
  const text = readFileSync(new URL("../package.json", module), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** The file's text; `undefined` if there is none. */
export function readOptionalFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SettingsError(
      SettingsErrorCode.INVALID,
      `${path} cannot be read (${messageOf(error)}): make it a file that this user may read, or remove it`,
      { problems: [] },
      { cause: error },
    );
  }
}
