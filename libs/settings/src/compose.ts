import { flagsOf, namesOf, type Setting, type SettingsDeclaration, type SettingsOf } from "./declaration.js";
import { SettingsError, SettingsErrorCode } from "./settings-error.js";

/** Declarations of several libs by group name: `{ storage: storageSettings, p2p: p2pSettings }`. */
export type SettingsGroups = Readonly<Record<string, SettingsDeclaration>>;

/** What groups are read into: `settings.storage.dataDirectory`. */
export type ComposedSettings<G extends SettingsGroups> = { readonly [K in keyof G]: SettingsOf<G[K]> };

export interface GroupedSetting {
  readonly group: string;
  readonly key: string;
  readonly setting: Setting;
}

/** Declarations that are known not to clash, and their names. */
export interface Composition<G extends SettingsGroups> {
  readonly groups: G;
  readonly all: readonly GroupedSetting[];
  /** By environment name, aliases included. */
  readonly byName: ReadonlyMap<string, GroupedSetting>;
  /** By flag, dashes included. */
  readonly byFlag: ReadonlyMap<string, GroupedSetting>;
}

/** @throws DUPLICATE_NAME if two settings share an environment name, an alias or a flag */
export function composeSettings<const G extends SettingsGroups>(groups: G): Composition<G> {
  const all: GroupedSetting[] = [];
  const byName = new Map<string, GroupedSetting>();
  const byFlag = new Map<string, GroupedSetting>();
  const claim = (names: Map<string, GroupedSetting>, name: string, entry: GroupedSetting) => {
    const other = names.get(name);
    if (other) {
      const text =
        `${name} is declared by ${other.group}.${other.key} and by ${entry.group}.${entry.key}: give one of them ` +
        "another name, or share the setting";
      throw new SettingsError(SettingsErrorCode.DUPLICATE_NAME, text, { problems: [{ name, text }] });
    }
    names.set(name, entry);
  };
  for (const [group, declaration] of Object.entries(groups)) {
    for (const [key, setting] of Object.entries(declaration)) {
      const entry = { group, key, setting };
      all.push(entry);
      for (const name of namesOf(setting)) claim(byName, name, entry);
      for (const flag of flagsOf(setting)) claim(byFlag, flag, entry);
    }
  }
  return { groups, all, byName, byFlag };
}
