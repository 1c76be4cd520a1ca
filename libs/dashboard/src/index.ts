import { fileURLToPath } from "node:url";

/**
 * Absolute path of the folder with the built page. Its `index.html` belongs at `/`, every other file at its path in
 * that folder; `<!--snapshot-->` in `index.html` is where a server puts the state that the page starts with.
 */
export function assetsFolder(): string {
  return fileURLToPath(new URL("assets", import.meta.url));
}
