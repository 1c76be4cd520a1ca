/** Control characters, and those that turn the direction of a line or take no room: they could disguise a text. */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text that came from elsewhere, as a terminal or a page may show it: short, and without control characters. */
export function plain(text: string, limit = 120): string {
  const safe = [...text.slice(0, 4 * limit).replaceAll(DECEPTIVE, "·")];
  return safe.length <= limit ? safe.join("") : `${safe.slice(0, limit - 1).join("")}…`;
}

/** Three digits of a latency or another span. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms < 999.5) return `${ms < 10 && !Number.isInteger(ms) ? ms.toFixed(1) : Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 59.95) return `${seconds < 9.995 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** A moment of a run: minutes and seconds since its begin. */
export function moment(ms: number): string {
  const seconds = Math.abs(Math.round(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const text =
    minutes < 60
      ? `${minutes}:${two(seconds % 60)}`
      : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return ms < -500 ? `−${text}` : text;
}

/** Payments a second. */
export function perSecond(value: number): string {
  return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)}/s`;
}

/** Bytes in MB or GB. */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;
}

/** A share in percent. */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** `one` or `many`, after the number. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
