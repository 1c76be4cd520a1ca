/** Characters of a text that came from a peer. */
const MAX_FOREIGN = 64;
/** Control characters, and those that turn the direction of a line or take no room: they could disguise a text. */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** Somebody else's text as it may be shown: not longer than `limit`, and no character in it disguises others. */
export function foreign(text: string, limit = MAX_FOREIGN): string {
  const plain = [...text.slice(0, 4 * limit).replaceAll(DECEPTIVE, "·")];
  return plain.length <= limit ? plain.join("") : `${plain.slice(0, limit - 1).join("")}…`;
}

/** A hash or address by its first and last four digits. */
export function short(hex: string): string {
  return hex.length > 12 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex;
}

/** A whole number with narrow spaces between thousands, at which no line breaks. */
export function count(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** `one` or `many`, after the number. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Ms as seconds with one digit. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

/** When a block was seen on L1, in its slot; null for one that the node found there later. */
export function onL1At(afterMs: number | null): string {
  return afterMs === null ? "on L1" : `on L1 at ${seconds(afterMs)} s`;
}

/** Between a number and its unit no line breaks. */
const NO_BREAK = "\u00a0";

/** A span in its one or two greatest units. */
export function span(totalSeconds: number): string {
  const whole = Math.max(0, Math.round(totalSeconds));
  if (whole < 60) return `${whole}${NO_BREAK}s`;
  const [large, small] = whole < 3600 ? ["min", "s"] : whole < 86_400 ? ["h", "min"] : ["d", "h"];
  const [size, part] = whole < 3600 ? [60, 1] : whole < 86_400 ? [3600, 60] : [86_400, 3600];
  const rest = Math.floor((whole % size) / part);
  // Seconds matter in the last minutes only.
  const both = rest > 0 && (large !== "min" || whole < 600);
  const parts = [Math.floor(whole / size), large, ...(both ? [rest, small] : [])];
  return parts.join(NO_BREAK);
}

/** Bytes in the unit that leaves one to three digits. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB"] as const;
  let [rest, i] = [value, 0];
  while (rest >= 1000 && i < units.length - 1) [rest, i] = [rest / 1000, i + 1];
  return `${i === 0 || rest >= 100 ? Math.round(rest) : rest.toFixed(1)} ${units[i]}`;
}

/** Digits of an amount of which six behind the point show enough as ether: 0.0001 and more. */
const SHOWN_AS_ETHER = 15;
/** And three as Gwei: 0.001. */
const SHOWN_AS_GWEI = 7;

/** A decimal string of wei, in the unit that keeps it short. */
export function wei(value: string): string {
  if (!/^\d+$/.test(value)) return "–";
  if (value.length >= SHOWN_AS_ETHER) return `${shifted(value, 18, 6)} ETH`;
  if (value.length >= SHOWN_AS_GWEI) return `${shifted(value, 9, 3)} Gwei`;
  return `${count(Number(value))} wei`;
}

/** A decimal string with its point moved by `by` digits, of which the first `kept` are shown. */
function shifted(value: string, by: number, kept: number): string {
  const padded = value.padStart(by + 1, "0");
  const fraction = padded.slice(-by, -by + kept).replace(/0+$/, "");
  return `${count(Number(padded.slice(0, -by)))}${fraction === "" ? "" : `.${fraction}`}`;
}

/** A rate with as many digits as matter. */
export function rate(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
