import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { CrsKind } from "@sprtn/protocol";
import { CrsError, CrsErrorCode } from "./crs-error.js";
import { knownPoints } from "./crs-kind.js";
import { firstOffCurve } from "./curve/off-curve.js";
import { wrongDevPoint } from "./dev-sample.js";
import { DIGEST_POINTS } from "./known-points.js";
import { compressPoints, POINT_BYTES } from "./point-format.js";

/** Points of a piece without a known digest that are computed again. */
const SAMPLES = 16;

/** Files that this process has checked: by path, size and time. */
const checked = new Set<string>();

/**
 * Checks a file of G1 points of which nothing is recorded. Every 2^17 points have a known digest; of the rest, a dev
 * CRS's points are sampled. Uncompressed points must lie on the curve besides: with the digest of x and the parity of y
 * that leaves one y. 2^21 points take about two seconds, and are looked at again only if the file changes.
 * @throws ALTERED
 */
export async function checkPoints(
  path: string,
  format: { readonly kind: CrsKind; readonly pointBytes: number },
): Promise<void> {
  const { size, mtimeMs, ino } = await stat(path);
  const key = `${path} ${format.kind} ${size} ${mtimeMs} ${ino}`;
  if (checked.has(key)) return;
  const pieceBytes = DIGEST_POINTS * format.pointBytes;
  let first = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const checkHeld = async () => {
    checkPiece(path, { ...format, first, points: Buffer.concat(held) });
    first += heldBytes / format.pointBytes;
    held = [];
    heldBytes = 0;
    await setImmediate();
  };
  // Reads end at multiples of their size, so pieces are whole.
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    held.push(chunk as Buffer);
    heldBytes += (chunk as Buffer).length;
    if (heldBytes >= pieceBytes) await checkHeld();
  }
  if (heldBytes > 0) await checkHeld();
  checked.add(key);
}

interface Piece {
  readonly kind: CrsKind;
  readonly pointBytes: number;
  readonly first: number;
  readonly points: Uint8Array;
}

function checkPiece(path: string, { kind, pointBytes, first, points }: Piece): void {
  const count = points.length / pointBytes;
  const refuse = (what: string) => {
    throw new CrsError(
      CrsErrorCode.ALTERED,
      `${path} ${what}: copy the file again, set CRS_PATH to another folder, or unset it to have a CRS prepared`,
      { path },
    );
  };
  if (pointBytes === POINT_BYTES) {
    const off = firstOffCurve(points);
    if (off >= 0) refuse(`is damaged: its point ${first + off} is not on the curve`);
  }
  const digest = count === DIGEST_POINTS ? knownPoints[kind].digests[first / DIGEST_POINTS] : undefined;
  if (digest === undefined) {
    const wrong = kind === "dev" ? wrongDevPoint({ points, pointBytes, first }, SAMPLES) : undefined;
    if (wrong !== undefined) refuse(`is damaged: its point ${wrong} is not the dev CRS's`);
  } else if (
    createHash("sha256")
      .update(pointBytes === POINT_BYTES ? compressPoints(points) : points)
      .digest("hex") !== digest
  ) {
    refuse(`is damaged between points ${first} and ${first + count}`);
  }
}
