import { resolve } from "node:path";

/** Where a file is written before it takes its place. */
export const draftOf = (path: string): string => `${path}.new`;

/**
 * Whether a journal and a deployment file would overwrite each other: they are one file, or one is where the other is
 * written before it takes its place.
 */
export function collide(journalPath: string, filePath: string): boolean {
  const [journal, file] = [resolve(journalPath), resolve(filePath)];
  return journal === file || journal === draftOf(file) || file === draftOf(journal);
}
