import type { Parser } from "./parser.js";
import type { Secret } from "./secret.js";

/** How one setting is named, read and explained. */
export interface Setting<T = unknown> {
  /** SCREAMING_SNAKE_CASE; the flag (--screaming-snake-case) derives from it. */
  readonly env: string;
  /** Other environment names for the same setting; each is a flag as well. */
  readonly aliases?: readonly string[];
  /** Further flags, dashes included: ["-p"]. */
  readonly extraFlags?: readonly string[];
  readonly parse: Parser<T>;
  /** Absent: the setting must be given. `undefined`: it may be left out. */
  readonly default?: T | undefined;
  /** Says what happens when a setting without a default value is left out: "the validator's own address". */
  readonly defaultText?: string;
  /** One line, for `--help` and the reference page. */
  readonly description: string;
  /** The value is handed out as a {@link Secret} and shown nowhere. */
  readonly secret?: true;
}

/** Settings of one lib, by the names under which its code knows them. */
export type SettingsDeclaration = Readonly<Record<string, Setting>>;

type Parsed<S extends Setting> = S extends { readonly parse: Parser<infer T> } ? T : never;
type Optional<S extends Setting> = S extends { readonly default: infer D }
  ? [D] extends [undefined]
    ? undefined
    : never
  : never;
type Wrapped<S extends Setting, T> = S extends { readonly secret: true } ? Secret<T> : T;

/** What a declaration is read into. */
export type SettingsOf<D extends SettingsDeclaration> = {
  readonly [K in keyof D]: Wrapped<D[K], Parsed<D[K]>> | Optional<D[K]>;
};

type Defaults<D extends SettingsDeclaration> = {
  readonly [K in keyof D]: { readonly default?: Parsed<D[K]> | undefined };
};

/** Checks a declaration's types: each default must be what its parser reads. */
export function defineSettings<const D extends SettingsDeclaration>(declaration: D & Defaults<D>): D {
  return declaration;
}

/** Every flag of a setting, the main one first. */
export function flagsOf(setting: Setting): readonly string[] {
  return [
    ...namesOf(setting).map(name => `--${name.toLowerCase().replaceAll("_", "-")}`),
    ...(setting.extraFlags ?? []),
  ];
}

/** Every environment name of a setting, the main one first. */
export function namesOf(setting: Setting): readonly string[] {
  return [setting.env, ...(setting.aliases ?? [])];
}
