import { join } from "node:path";
import type { Clock, Logger } from "@sprtn/ports";
import type { CrsKind } from "@sprtn/protocol";
import { CrsError, CrsErrorCode, usingCache } from "./crs-error.js";
import { type DownloadDependencies, downloadIgnitionCrs, ignitionPointsFor } from "./download-ignition-crs.js";
import { withFolderLock } from "./folder-lock.js";
import { type DevCrsRequest, generateDevCrs } from "./generate/generate-dev-crs.js";
import { cachedCrs, isDamage, repairedCrs } from "./cached-crs.js";
import { type Crs, openCrs } from "./open-crs.js";
import type { CrsProgress } from "./crs-progress.js";

/** How points are downloaded, and where progress is reported. */
export interface CrsDependencies extends DownloadDependencies {
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Which points are needed, and where they may be or are to be kept. */
export interface CrsRequest {
  readonly kind: CrsKind;
  /** Points that are needed at least; bb needs one more than the circuit's gates, rounded up to a power of two. */
  readonly points: number;
  /** A folder to use as it is: CRS_PATH. */
  readonly crsPath?: string | undefined;
  /** See `crsCacheFolder`. */
  readonly cacheFolder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CrsProgress) => void) | undefined;
  /** How a dev CRS is made. */
  readonly generation?: Pick<DevCrsRequest, "piecePoints" | "threads">;
}

/** 2^25: 2 GiB of points. */
const MAX_POINTS = 2 ** 25 + 1;

/**
 * A CRS of this kind with so many points at least, checked: the one at CRS_PATH, or the cache's, or else one that is
 * prepared there, downloaded or (dev) made. Of several processes that need one at the same time, one prepares it and
 * the others wait for it.
 * @throws a CrsError of any code but those about Barretenberg, or ABORTED
 */
export async function ensureCrs(dependencies: CrsDependencies, request: CrsRequest): Promise<Crs> {
  const { kind, points, crsPath, cacheFolder, signal } = request;
  const { logger, clock } = dependencies;
  if (!Number.isInteger(points) || points < 2 || points > MAX_POINTS)
    throw new CrsError(
      CrsErrorCode.BAD_SIZE,
      `${points} points are too few or too many for a CRS: ask for 2 to ${MAX_POINTS}`,
      { found: points },
    );
  if (crsPath !== undefined) return openCrs(crsPath, request);
  const folder = join(cacheFolder, kind);
  return usingCache(folder, async () => {
    const ready = await cachedCrs(folder, request);
    if (!(ready instanceof CrsError)) return ready;
    const onWait = () => logger.info("another process is preparing the CRS: waiting for it", { kind, folder });
    return withFolderLock(`${folder}.lock`, { clock, signal, onWait }, async () => {
      const found = await repairedCrs(folder, request);
      if (!(found instanceof CrsError)) return found;
      if (isDamage(found))
        logger.warn(`the CRS in the cache is damaged and will be prepared again: ${found.message}`, {
          kind,
          folder,
          code: found.code,
        });
      await prepare(dependencies, folder, request);
      return openCrs(folder, request);
    });
  });
}

async function prepare(dependencies: CrsDependencies, folder: string, request: CrsRequest): Promise<void> {
  const { logger, clock } = dependencies;
  const { kind, points, signal, onProgress, generation } = request;
  const startMs = clock.steadyMs();
  if (kind === "dev") {
    logger.warn(
      "making a DEV CRS: its secret is public, so anybody can forge proofs under it; never use it where anything " +
        "of value is at stake",
      { points, folder },
    );
    await generateDevCrs({ folder, points, signal, onProgress, ...generation });
  } else {
    logger.info("downloading the Ignition CRS", {
      megabytes: Math.ceil((ignitionPointsFor(points) * 32) / 1e6),
      folder,
    });
    await downloadIgnitionCrs(dependencies, { folder, points, signal, onProgress });
  }
  logger.info("the CRS is ready", {
    kind,
    points,
    folder,
    seconds: Math.round((clock.steadyMs() - startMs) / 100) / 10,
  });
}
