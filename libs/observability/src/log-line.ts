import { CodedError, toHex } from "@sprtn/primitives";
import type { LogFields } from "@sprtn/ports";

export interface LogRecord {
  readonly timeMs: number;
  readonly level: string;
  readonly module: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** `2026-11-21T09:00:00.000Z info    sequencer: built block slot=7 txs=3 hash=0x12345678…9abc`, always one line. */
export function humanLine({ timeMs, level, module, message, fields }: LogRecord): string {
  let line = `${new Date(timeMs).toISOString()} ${level.padEnd(7)} ${module}: ${oneLine(message)}`;
  for (const [key, value] of Object.entries(fields))
    if (value !== undefined) line += ` ${oneLine(key)}=${humanValue(value)}`;
  return line;
}

/**
 * One JSON object: time, level, module, message, then the fields in full. A field of one of those names gets an
 * underscore.
 */
export function jsonLine({ timeMs, level, module, message, fields }: LogRecord): string {
  const line: Record<string, unknown> = { time: new Date(timeMs).toISOString(), level, module, message };
  for (const [key, value] of Object.entries(fields)) line[key in line ? `${key}_` : key] = value;
  return safeJson(line);
}

function humanValue(value: unknown): string {
  if (value instanceof Uint8Array) return shortHex(toHex(value));
  if (value instanceof CodedError) return JSON.stringify(`${value.code}: ${value.message}`);
  if (value instanceof Error) return JSON.stringify(String(value));
  if (typeof value === "string") return /^[\w.:/@+%-]+$/.test(value) ? shortHex(value) : oneLineQuoted(value);
  if (typeof value === "object" && value !== null) return safeJson(value, shortHex);
  return String(value);
}

/** 32-byte hashes and addresses by their first eight and last four digits; JSON logs have them in full. */
function shortHex(text: string): string {
  return /^0x[0-9a-fA-F]{17,}$/.test(text) ? `${text.slice(0, 10)}…${text.slice(-4)}` : text;
}

function oneLineQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, escapeCharacter);
}

/** Without what could start a new line or drive a terminal. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * JSON for whatever is logged: bigints as decimal texts, bytes as hex, errors with their code; a log line never throws.
 */
function safeJson(value: unknown, onText: (text: string) => string = text => text): string {
  const replacer = (_key: string, item: unknown): unknown => {
    if (typeof item === "bigint") return item.toString();
    if (typeof item === "string") return onText(item);
    if (item instanceof Error)
      return {
        ...(item instanceof CodedError && { code: item.code, ...item.payload }),
        error: item.message,
        stack: item.stack,
        ...(item.cause === undefined ? {} : { cause: item.cause }),
      };
    if (item instanceof Map) return Object.fromEntries(item);
    return item instanceof Set ? [...item] : item;
  };
  try {
    return JSON.stringify(hexBytesOf(value), replacer);
  } catch {
    // A circle, or an object whose toJSON throws: say that much rather than lose the line.
    return JSON.stringify({
      ...(isRecord(value) && { time: value.time, level: value.level, module: value.module, message: value.message }),
      unloggable: Object.keys(isRecord(value) ? value : {}),
    });
  }
}

/** Bytes by hex, one level deep and inside plain objects: JSON would ask each for its indices. */
function hexBytesOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item instanceof Uint8Array ? toHex(item) : item]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
