import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "@sprtn/primitives";
import type { Clock } from "@sprtn/ports";
import { bytesWithin, isAbortError, withTimeout } from "@sprtn/runtime";
import { CrsError, CrsErrorCode } from "./crs-error.js";
import { ignitionPoints } from "./ignition-points.js";
import { DIGEST_POINTS } from "./known-points.js";
import { piecesOf, PieceStore, type PointRange } from "./piece-store.js";
import { COMPRESSED_G1_FILE, COMPRESSED_POINT_BYTES, G1_FILE, G2_FILE } from "./point-format.js";
import type { CrsProgress } from "./crs-progress.js";
import { type Portion, writeCrs } from "./write-crs.js";

/** Where bb.js 5.0.0 and bb itself get the points from, in this order. */
const HOSTS = ["https://crs.aztec-cdn.foundation", "https://crs.aztec-labs.com"];
/** For 4 MiB: a line of 0.3 Mbit/s. */
const PIECE_TIMEOUT_MS = 120_000;

export interface IgnitionCrsRequest {
  readonly folder: string;
  readonly points: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CrsProgress) => void) | undefined;
  /** What to check the points by; the ceremony's unless told, as only tests do. */
  readonly known?: Known;
}

interface Known {
  readonly digests: readonly string[];
  readonly digestPoints: number;
}

const ignition: Known = { digests: ignitionPoints.digests, digestPoints: DIGEST_POINTS };

export interface DownloadDependencies {
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch;
}

/** Points that a download of `points` brings: whole pieces, as only they have known digests. @throws BAD_SIZE */
export function ignitionPointsFor(points: number, { digests, digestPoints }: Known = ignition): number {
  const most = digests.length * digestPoints;
  if (points > most)
    throw new CrsError(
      CrsErrorCode.BAD_SIZE,
      `${points} points of the Ignition CRS are more than this program can check (${most}): set CRS_PATH to a ` +
        "folder that holds them",
      { found: points, expected: most },
    );
  return Math.ceil(points / digestPoints) * digestPoints;
}

/**
 * Downloads the Ignition CRS into `folder`, compressed (bb writes the uncompressed file beside it when it first needs
 * it), 4 MiB at a time, each checked against its known digest and kept in `folder`.partial, so that it continues where
 * it was ended.
 * @throws DOWNLOAD_FAILED, BAD_SIZE, ABORTED
 */
export async function downloadIgnitionCrs(
  dependencies: DownloadDependencies,
  request: IgnitionCrsRequest,
): Promise<void> {
  const { folder, points, onProgress, known = ignition } = request;
  const total = ignitionPointsFor(points, known);
  const staging = `${folder}.partial`;
  const pieces = new PieceStore({ folder: staging, pointBytes: COMPRESSED_POINT_BYTES, isRight: isPiece(known) });
  const ranges = piecesOf(total, known.digestPoints);
  const missing = await pieces.missing(ranges);
  let done = total - missing.length * known.digestPoints;
  onProgress?.({ done, total });
  for (const range of missing) {
    await pieces.save(range, await fetchPiece(dependencies, range, request));
    onProgress?.({ done: (done += range.count), total });
  }
  // What bb made of the files that are replaced.
  await rm(join(folder, G1_FILE), { force: true });
  await writeCrs({ folder, stagingFolder: staging, portions: portionsOf(ranges, pieces), isRight: () => true });
  await pieces.remove();
}

async function* portionsOf(ranges: readonly PointRange[], pieces: PieceStore): AsyncGenerator<Portion> {
  yield { [G2_FILE]: ignitionPoints.g2 };
  for (const range of ranges) yield { [COMPRESSED_G1_FILE]: (await pieces.load(range)) ?? lost(range) };
}

function lost({ first }: PointRange): never {
  throw new CrsError(
    CrsErrorCode.DOWNLOAD_FAILED,
    `the Ignition CRS's points from ${first} on have disappeared: check the disk, then start again`,
  );
}

function isPiece({ digests, digestPoints }: Known): (range: PointRange, points: Uint8Array) => boolean {
  return ({ first }, points) => createHash("sha256").update(points).digest("hex") === digests[first / digestPoints];
}

/** From the first host that has it. */
async function fetchPiece(
  { clock, fetch = globalThis.fetch }: DownloadDependencies,
  range: PointRange,
  { signal, known = ignition }: IgnitionCrsRequest,
): Promise<Uint8Array> {
  const from = range.first * COMPRESSED_POINT_BYTES;
  const to = from + range.count * COMPRESSED_POINT_BYTES - 1;
  const failures: string[] = [];
  for (const host of HOSTS) {
    const url = `${host}/${COMPRESSED_G1_FILE.replace("bn254_", "")}`;
    try {
      const points = await withTimeout({ clock, timeoutMs: PIECE_TIMEOUT_MS, what: url, signal }, async cut => {
        const response = await fetch(url, { headers: { Range: `bytes=${from}-${to}` }, signal: cut });
        // Anything else may be the whole file, of 3.2 GB.
        if (response.status !== 206) {
          await response.body?.cancel();
          return undefined;
        }
        return await bytesWithin(response.body, to - from + 1);
      });
      if (points !== undefined && isPiece(known)(range, points)) return points;
      failures.push(`${host}: not the expected content`);
    } catch (error) {
      if (isAbortError(error)) throw error;
      failures.push(`${host}: ${causeOf(error)}`);
    }
  }
  throw new CrsError(
    CrsErrorCode.DOWNLOAD_FAILED,
    `the Ignition CRS cannot be downloaded (${failures.join("; ")}): connect this machine to the internet once, or ` +
      "copy the folder sprtn/crs/ignition from another machine's cache and set CRS_PATH to it; what was downloaded " +
      "is kept",
    { found: failures.join("; ") },
  );
}

/** fetch hides what went wrong in its error's cause. */
function causeOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? messageOf(error.cause) : messageOf(error);
}
