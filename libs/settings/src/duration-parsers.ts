import { Seconds } from "@sprtn/primitives";
import { inRange, type Range, rangeText } from "./number-parsers.js";
import type { Parser } from "./parser.js";

const msOf = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

function readMs(value: string, plainUnit: "ms" | "s"): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(value.toLowerCase());
  const unit = match && msOf.get(match[2] === "" ? plainUnit : (match[2] as string));
  return match && unit ? Number(match[1]) * unit : undefined;
}

function formatMs(ms: number): string {
  for (const [unit, size] of [...msOf].toReversed()) if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  return `${ms}ms`;
}

/** A span in whole milliseconds: `200`, `1500ms`, `30s`, `5m`, `2h`, `1d`. */
export function durationMs(range: Range = {}): Parser<number> {
  return {
    expected: `a duration such as 500ms, 30s, 5m, 2h or 1d, or a number of milliseconds${rangeText(range)}`,
    read(value) {
      const ms = readMs(value, "ms");
      return ms !== undefined && Number.isSafeInteger(ms) && inRange(ms, range) ? ms : undefined;
    },
    format: formatMs,
  };
}

/** A span in whole seconds: `36`, `36s`, `5m`, `2h`, `1d`. */
export function durationSeconds(range: Range = {}): Parser<Seconds> {
  return {
    expected: `a duration such as 30s, 5m, 2h or 1d, or a number of seconds${rangeText(range)}`,
    read(value) {
      const seconds = (readMs(value, "s") ?? Number.NaN) / 1000;
      return Number.isSafeInteger(seconds) && inRange(seconds, range) ? Seconds(seconds) : undefined;
    },
    format: seconds => formatMs(seconds * 1000),
  };
}
