import type { Writable } from "node:stream";

const heard = new WeakSet<Writable>();

/**
 * Where a standard stream is a file, a full disk is an error that nobody else hears, and ends the process. `onError`
 * hears it instead. A reader that is gone ends the process as before.
 */
export function outliveFullDisk(stream: Writable, onError: (error: unknown) => void): void {
  if (heard.has(stream)) return;
  heard.add(stream);
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") throw error;
    onError(error);
  });
}
