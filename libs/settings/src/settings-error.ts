import { CodedError } from "@sprtn/primitives";
import { withoutControlCharacters } from "./control-characters.js";

/** Whose mistake it is: the program's declarations, or what its user gave. */
export enum SettingsErrorCode {
  /** Two declarations share an environment name or a flag: a mistake of the program, not of its user. */
  DUPLICATE_NAME = "SETTINGS_DUPLICATE_NAME",
  /** What was given does not fit the declarations; the payload holds every problem. */
  INVALID = "SETTINGS_INVALID",
}

/** One thing that is wrong with what was given. */
export interface SettingsProblem {
  /** The setting's environment name, or the flag or key as it was given. */
  readonly name: string;
  /** One line: what is wrong and what is expected. Free of secrets. */
  readonly text: string;
}

/** Lists all problems, one per line, so that a user can fix them together. */
export class SettingsError extends CodedError<SettingsErrorCode, { readonly problems: readonly SettingsProblem[] }> {}

/** A single error that lists all that was found; of one problem, its line alone. */
export function invalidSettings(found: readonly SettingsProblem[]): SettingsError {
  // Names and texts are repeated as they were given.
  const problems = found.map(({ name, text }) => ({ name, text: withoutControlCharacters(text) }));
  const [first, ...others] = problems.map(({ text }) => text);
  const text =
    first !== undefined && others.length === 0
      ? first
      : [`${problems.length} settings are wrong:`, ...problems.map(problem => `  ${problem.text}`)].join("\n");
  return new SettingsError(SettingsErrorCode.INVALID, text, { problems });
}
