import { harmless } from "./harmless.js";
import type { HostFiles } from "./host-files.js";

const LINES = 15;
const BYTES = 16_384;

/** The last lines of a log, as far as there are any. */
export async function lastLines(files: Pick<HostFiles, "slice">, path: string): Promise<readonly string[]> {
  const slice = await files.slice(path, { bytes: BYTES });
  const text = new TextDecoder().decode(slice?.content);
  const lines = text.split("\n").filter(line => line.trim() !== "");
  return lines.length === 0 ? ["(nothing)"] : lines.slice(-LINES).map(harmless);
}
