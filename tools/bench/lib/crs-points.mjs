import { open, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The first points of a CRS folder, as the WASM engine takes them. */
export async function crsPointsOf(folder, points) {
  const file = await open(join(folder, "bn254_g1.dat"));
  try {
    const g1 = new Uint8Array(64 * points);
    await file.read(g1, 0, g1.length, 0);
    return { g1, g2: new Uint8Array(await readFile(join(folder, "bn254_g2.dat"))) };
  } finally {
    await file.close();
  }
}
