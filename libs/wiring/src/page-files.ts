import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { PageFile, PageSource } from "@sprtn/ports";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json; charset=utf-8",
};

/** Reads a built page into memory: what is served then is what was there at the start, and nothing else of the disk. */
export async function readPage(folder: string): Promise<PageSource> {
  const files = new Map<string, PageFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = `/${relative(folder, path).split(sep).join("/")}`;
    // The builder puts a hash of the content into the names of what the page loads.
    const file = { bytes: await readFile(path), type, immutable: name.startsWith("/ui/") };
    files.set(name === "/index.html" ? "/" : name, file);
  }
  return { file: path => files.get(path) };
}
