/** Structured values in addition to a line's text; a logger decides how they are shown. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Levels by reader: error wakes someone, warn is for an operator, info is one line per slot, verbose and debug are for
 * developers.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  verbose(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A logger whose lines carry `module` and `fields` too. */
  child(module: string, fields?: LogFields): Logger;
}
