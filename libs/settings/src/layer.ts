import type { Setting } from "./declaration.js";
import type { SettingsProblem } from "./settings-error.js";

/** A setting's text as one source gives it. */
export interface Given {
  /** The name under which it was given: a flag, an environment name, a key. */
  readonly name: string;
  readonly text: string;
}

/** One source, read: what it gives to each setting, in the order in which it gives it. */
export interface Layer {
  /** Completes "from …": "the environment". */
  readonly source: string;
  readonly given: ReadonlyMap<Setting, readonly Given[]>;
  readonly problems: readonly SettingsProblem[];
  /** Names that nothing declares but that look like slips: worth telling, no error. */
  readonly warnings: readonly string[];
}

export function addGiven(given: Map<Setting, Given[]>, setting: Setting, entry: Given): void {
  const before = given.get(setting);
  if (before) before.push(entry);
  else given.set(setting, [entry]);
}
