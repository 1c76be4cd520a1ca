import { stat } from "node:fs/promises";
import { join } from "node:path";
import { BarretenbergError, BarretenbergErrorCode, crsTooSmall } from "../barretenberg-error.js";

const POINT_BYTES = 64;
const COMPRESSED_POINT_BYTES = 32;

const pointsIn = (path: string, bytes: number): Promise<number> =>
  stat(path).then(
    ({ size }) => Math.floor(size / bytes),
    () => 0,
  );

/**
 * Refuses a folder with fewer points than the circuit may need, before bb sees it: bb would download what it lacks,
 * from a ceremony that need not be this folder's, INTO this folder.
 * @throws CRS_MISSING, CRS_TOO_SMALL
 */
export async function requirePoints(crsPath: string, pointsNeeded: number): Promise<void> {
  const points = Math.max(
    await pointsIn(join(crsPath, "bn254_g1.dat"), POINT_BYTES),
    await pointsIn(join(crsPath, "bn254_g1_compressed.dat"), COMPRESSED_POINT_BYTES),
  );
  if (points === 0)
    throw new BarretenbergError(
      BarretenbergErrorCode.CRS_MISSING,
      `there are no CRS points in ${crsPath}: prepare a CRS there, or give a folder that holds one`,
      { path: crsPath, pointsNeeded },
    );
  if (points < pointsNeeded) throw crsTooSmall({ path: crsPath, points, pointsNeeded });
}
