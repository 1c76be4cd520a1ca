import { open } from "node:fs/promises";
import { CrsError } from "../crs-error.js";
import { type Crs, openCrs } from "../open-crs.js";
import type { PieceStore, PointRange } from "../piece-store.js";
import { POINT_BYTES } from "../point-format.js";

/** Takes over what a smaller dev CRS in `folder` has of the pieces, if it is intact. */
export async function savePiecesOf(folder: string, ranges: readonly PointRange[], pieces: PieceStore): Promise<void> {
  const crs = await intactCrs(folder);
  if (crs?.pointBytes !== POINT_BYTES) return;
  const file = await open(crs.g1File);
  try {
    for (const range of ranges) {
      if (range.first + range.count > crs.points) break;
      const points = Buffer.alloc(range.count * POINT_BYTES);
      await file.read(points, 0, points.length, range.first * POINT_BYTES);
      await pieces.save(range, points);
    }
  } finally {
    await file.close();
  }
}

async function intactCrs(folder: string): Promise<Crs | undefined> {
  try {
    return await openCrs(folder, { kind: "dev", points: 2 });
  } catch (error) {
    if (error instanceof CrsError) return undefined;
    throw error;
  }
}
