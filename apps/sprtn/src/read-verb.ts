import {
  type Composition,
  helpText,
  type ParsedSettings,
  parseSettings,
  type SettingsGroups,
  type SettingsSources,
  wantsHelp,
} from "@sprtn/settings";

/** A verb as its user sees it. */
interface ReadVerb<G extends SettingsGroups> {
  readonly settings: Composition<G>;
  /** In front of the flags in `--help`. */
  readonly usage: string;
  readonly args: readonly string[];
  /** What `--help` lists, if that is not everything; `--help all` does. */
  readonly wanted?: Composition<SettingsGroups>;
  readonly maxPositionals?: number;
  /** Of an installation that is there already: what it says counts unless a flag or the environment says more. */
  readonly envFile?: SettingsSources["envFile"];
}

/** Asked for help, a verb has told it and is done. */
export const HELPED = Symbol("helped");

/**
 * A verb's settings from flags and environment; {@link HELPED} if it was asked for help.
 * @throws SettingsError INVALID
 */
export function readVerb<G extends SettingsGroups>(verb: ReadVerb<G>): ParsedSettings<G> | typeof HELPED {
  const { settings, usage, args, maxPositionals = 0, envFile, wanted } = verb;
  if (wantsHelp(args)) {
    const listed = wanted === undefined || args.includes("all") ? settings : wanted;
    process.stdout.write(helpText(listed, usage));
    return HELPED;
  }
  return parseSettings(settings, { args, env: process.env, envFile, maxPositionals });
}
