import type { SettingsProblem } from "./settings-error.js";

/**
 * The variables of a `.env` text: `NAME=value`, with `export` in front if you like, `#` comments, 'literal' and
 * "escaped"
 * quotes. The last of several wins. A line that is none of this is a problem, told by its number: its text may be a
 * secret.
 */
export function parseEnvFile(
  name: string,
  text: string,
): { readonly values: ReadonlyMap<string, string>; readonly problems: readonly SettingsProblem[] } {
  const values = new Map<string, string>();
  const problems: SettingsProblem[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(line);
    const value = match && readValue((match[2] as string).trim());
    if (match && typeof value === "string") values.set(match[1] as string, value);
    else
      problems.push({
        name,
        text: `${name}, line ${index + 1}: not NAME=value; write a # before comments, and quotes in pairs`,
      });
  }
  return { values, problems };
}

function readValue(raw: string): string | undefined {
  const quote = raw[0];
  if (quote !== '"' && quote !== "'") return raw.replace(/(^|\s)#.*$/, "").trim();
  const match = quote === "'" ? /^'([^']*)'\s*(#.*)?$/.exec(raw) : /^"((?:[^"\\]|\\.)*)"\s*(#.*)?$/.exec(raw);
  if (!match) return undefined;
  const inner = match[1] as string;
  return quote === "'"
    ? inner
    : inner.replace(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char === "t" ? "\t" : char));
}
