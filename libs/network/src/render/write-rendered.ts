import { dirname, join } from "node:path";
import type { HostFiles } from "@sprtn/host";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import type { RenderedFile } from "./rendered-files.js";

/** What every file that is written here, and holds no secret, begins with, in its first lines. */
const OURS = "Not run:";

/**
 * Writes what was rendered to a folder; secrets that are there stay. Gives the paths that were written.
 * @throws NOT_A_NETWORK before anything is written if a file of somebody else's is in the way; HostError FILE_ACCESS
 */
export async function writeRendered(
  files: HostFiles,
  directory: string,
  rendered: readonly RenderedFile[],
): Promise<readonly string[]> {
  const wanted: RenderedFile[] = [];
  for (const file of rendered) {
    const path = join(directory, file.path);
    const there = await files.read(path);
    if (there !== undefined && file.secret) continue;
    if (there !== undefined && !there.split("\n", 3).some(line => line.includes(OURS)))
      throw new NetworkError(
        NetworkErrorCode.NOT_A_NETWORK,
        `${path} was not written by \`network render\`: give another directory with --out, or move the file away`,
        { path },
      );
    wanted.push(file);
  }
  for (const { path, text } of wanted) {
    await files.makeFolder(dirname(join(directory, path)));
    await files.replace(join(directory, path), text);
  }
  return wanted.map(({ path }) => join(directory, path));
}
