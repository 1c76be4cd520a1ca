import { resolve } from "node:path";

const flags = ["--dir", "--sprtn-dir"];

/** The directory that a command is for, before its other settings can be read: they may be in there. */
export function directoryOf(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string {
  for (const [i, word] of args.entries())
    for (const flag of flags) {
      const next = args[i + 1];
      if (word === flag && next !== undefined) return resolve(next);
      if (word.startsWith(`${flag}=`)) return resolve(word.slice(flag.length + 1));
    }
  return resolve(environment.SPRTN_DIR || ".");
}
