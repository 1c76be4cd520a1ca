import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { CrsError, CrsErrorCode } from "../crs-error.js";
import { DEV_FULL_DIGESTS, DEV_FULL_POINTS, devPoints } from "../dev-points.js";
import { wrongDevPoint } from "../dev-sample.js";
import { DIGEST_POINTS } from "../known-points.js";
import type { Manifest } from "../manifest.js";
import { piecesOf, PieceStore, type PointRange } from "../piece-store.js";
import { COMPRESSED_G1_FILE, compressPoints, G1_FILE, G2_FILE, POINT_BYTES } from "../point-format.js";
import type { CrsProgress } from "../crs-progress.js";
import { type Portion, writeCrs } from "../write-crs.js";
import { computePoints } from "./point-workers.js";
import { savePiecesOf } from "./save-pieces-of.js";

export interface DevCrsRequest {
  readonly folder: string;
  readonly points: number;
  /** Points of a piece, of which a crash loses one a thread; those that have known digests unless told. */
  readonly piecePoints?: number;
  /** As many as there are cores, four at most, unless told. */
  readonly threads?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CrsProgress) => void) | undefined;
}

/** A piece that does not come out right is made once more; then this machine is not to be trusted. */
const ROUNDS = 3;

/**
 * Makes the dev CRS in `folder`: piece by piece in `folder`.partial, so that it can continue after an interruption,
 * then the files at once. About 10 µs of a core a point. What is in `folder` already is used if it is intact.
 * @throws GENERATION_FAILED, ABORTED
 */
export async function generateDevCrs(request: DevCrsRequest): Promise<void> {
  const {
    folder,
    points,
    piecePoints = DIGEST_POINTS,
    threads = Math.min(4, availableParallelism()),
    signal,
    onProgress = () => {},
  } = request;
  const staging = `${folder}.partial`;
  const pieces = new PieceStore({ folder: staging, pointBytes: POINT_BYTES, isRight: isDevPiece });
  const ranges = piecesOf(points, piecePoints);
  await savePiecesOf(folder, ranges, pieces);
  for (let round = 0; round < ROUNDS; round++) {
    const missing = await pieces.missing(ranges);
    if (missing.length === 0 && (await assemble({ folder, staging, points, ranges, pieces }))) return pieces.remove();
    let done = points - missing.reduce((sum, { count }) => sum + count, 0);
    onProgress({ done, total: points });
    const onPoints = (more: number) => onProgress({ done: (done += more), total: points });
    await computePoints({
      ranges: missing,
      threads,
      signal,
      onPoints,
      onPiece: (range, bytes) => pieces.save(range, bytes),
    });
  }
  await pieces.remove();
  throw new CrsError(
    CrsErrorCode.GENERATION_FAILED,
    `the points generated in ${folder} are not those of the dev CRS: this machine's memory or disk is faulty, or ` +
      "this package was modified; reinstall it, or copy the folder from another machine",
    { path: folder },
  );
}

function isDevPiece({ first, count }: PointRange, points: Uint8Array): boolean {
  const digest =
    count === DIGEST_POINTS && first % DIGEST_POINTS === 0 ? devPoints.digests[first / DIGEST_POINTS] : undefined;
  if (digest !== undefined && createHash("sha256").update(compressPoints(points)).digest("hex") !== digest)
    return false;
  return wrongDevPoint({ points, pointBytes: POINT_BYTES, first }, 0) === undefined;
}

interface Assembly {
  readonly folder: string;
  readonly staging: string;
  readonly points: number;
  readonly ranges: readonly PointRange[];
  readonly pieces: PieceStore;
}

/** Puts the files in place; `false` if a piece went missing again, or they are not as known. */
async function assemble({ folder, staging, points, ranges, pieces }: Assembly): Promise<boolean> {
  let complete = true;
  async function* portions(): AsyncGenerator<Portion> {
    yield { [G2_FILE]: devPoints.g2 };
    for (const range of ranges) {
      const bytes = await pieces.load(range);
      complete &&= bytes !== undefined;
      if (bytes !== undefined) yield { [G1_FILE]: bytes, [COMPRESSED_G1_FILE]: compressPoints(bytes) };
    }
  }
  const isRight = (files: Manifest) =>
    complete &&
    (points !== DEV_FULL_POINTS ||
      Object.entries(DEV_FULL_DIGESTS).every(([name, digest]) => files[name]?.sha256 === digest));
  return writeCrs({ folder, stagingFolder: staging, portions: portions(), isRight });
}
