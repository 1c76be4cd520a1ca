import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { equalBytes } from "@sprtn/primitives";
import { makeFolder } from "@sprtn/runtime";

/** Points `first` to `first + count − 1`. */
export interface PointRange {
  readonly first: number;
  readonly count: number;
}

const DIGEST_BYTES = 32;

/** `points` points in pieces of `piecePoints`, the last one shorter. */
export function piecesOf(points: number, piecePoints: number): PointRange[] {
  return Array.from({ length: Math.ceil(points / piecePoints) }, (_, i) => ({
    first: i * piecePoints,
    count: Math.min(piecePoints, points - i * piecePoints),
  }));
}

/**
 * Pieces of a CRS that is being prepared, a file each, with a checksum at its end. A piece is there in full or it is
 * not: it is written beside and renamed, and one that does not pass its
 * checks is deleted. Two processes may use the same folder: both make the same pieces.
 */
export class PieceStore {
  /** Pieces that this process knows to be right; their checksums are looked at whenever they are loaded. */
  readonly #right = new Map<string, string>();

  constructor(
    private readonly settings: {
      readonly folder: string;
      readonly pointBytes: number;
      readonly isRight: (range: PointRange, points: Uint8Array) => boolean;
    },
  ) {}

  async save(range: PointRange, points: Uint8Array): Promise<void> {
    // Anew for each piece: another process that has finished removes the folder.
    await makeFolder(this.settings.folder, { mkdir, stat, dirname });
    const temporary = `${this.#path(range)}.${randomUUID()}`;
    await writeFile(temporary, Buffer.concat([points, digestOf(points)]));
    await rename(temporary, this.#path(range));
  }

  async load(range: PointRange): Promise<Uint8Array | undefined> {
    const path = this.#path(range);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const points = bytes.subarray(0, -DIGEST_BYTES);
    const digest = digestOf(points);
    const intact =
      points.length === range.count * this.settings.pointBytes && equalBytes(bytes.subarray(-DIGEST_BYTES), digest);
    if (intact && (this.#right.get(path) === digest.toString("hex") || this.settings.isRight(range, points))) {
      this.#right.set(path, digest.toString("hex"));
      return points;
    }
    await rm(path, { force: true });
    return undefined;
  }

  async missing(ranges: readonly PointRange[]): Promise<PointRange[]> {
    const missing = [];
    for (const range of ranges) if ((await this.load(range)) === undefined) missing.push(range);
    return missing;
  }

  async remove(): Promise<void> {
    await rm(this.settings.folder, { recursive: true, force: true });
  }

  #path({ first, count }: PointRange): string {
    return join(this.settings.folder, `${first}-${count}`);
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
