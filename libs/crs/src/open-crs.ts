import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { equalBytes } from "@sprtn/primitives";
import type { CrsKind } from "@sprtn/protocol";
import { checkPoints } from "./check-points.js";
import { CrsError, CrsErrorCode } from "./crs-error.js";
import { kindOfPoints } from "./crs-kind.js";
import { isAsRecorded, readManifest } from "./manifest.js";
import {
  COMPRESSED_G1_FILE,
  COMPRESSED_POINT_BYTES,
  compressPoints,
  FIRST_POINT,
  G1_FILE,
  G2_BYTES,
  G2_FILE,
  POINT_BYTES,
} from "./point-format.js";

/** A CRS on disk whose files have been checked. */
export interface Crs {
  readonly kind: CrsKind;
  /** What bb takes as CRS_PATH. */
  readonly folder: string;
  /** How many points there are. */
  readonly points: number;
  /** The file that holds them, and the bytes of each of its points: 64, or 32 compressed. */
  readonly g1File: string;
  readonly pointBytes: number;
}

interface G1File {
  readonly path: string;
  readonly name: string;
  readonly pointBytes: number;
  readonly points: number;
}

/**
 * Tells which CRS `folder` holds, by its G2 point and the first G1 points of each of its files.
 * @throws NOT_FOUND, TRUNCATED, WRONG_KIND (neither)
 */
export async function kindOfFolder(folder: string): Promise<CrsKind> {
  const files = await g1FilesOf(folder);
  const g2 = await readG2(folder);
  const kinds = new Set<CrsKind | undefined>();
  for (const file of files) {
    const [first, second] = await firstPoints(file);
    const generator = equalBytes(first, file.pointBytes === POINT_BYTES ? FIRST_POINT : compressPoints(FIRST_POINT));
    kinds.add(generator ? kindOfPoints({ second, g2 }) : undefined);
  }
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) {
    throw new CrsError(
      CrsErrorCode.WRONG_KIND,
      `the points in ${folder} are neither Ignition's nor the dev CRS's, or a mixture of both: give a folder whose ` +
        "files all come from one of them",
      { path: folder },
    );
  }
  return kind;
}

/**
 * The CRS in `folder`, checked: its kind, its files' sizes, and their checksums as recorded beside them or, where
 * nothing is recorded, the points themselves.
 * @throws NOT_FOUND, TRUNCATED, WRONG_KIND, ALTERED, TOO_FEW_POINTS
 */
export async function openCrs(
  folder: string,
  expected: { readonly kind: CrsKind; readonly points: number },
): Promise<Crs> {
  const kind = await kindOfFolder(folder);
  if (kind !== expected.kind) {
    throw new CrsError(
      CrsErrorCode.WRONG_KIND,
      `${folder} holds the ${kind} CRS, but this deployment uses the ${expected.kind} CRS: set CRS_PATH to another ` +
        "folder, or unset it",
      { path: folder, found: kind, expected: expected.kind },
    );
  }
  const files = await g1FilesOf(folder);
  const largest = files.reduce((best, file) => (file.points > best.points ? file : best));
  const chosen = files.find(file => file.points >= expected.points) ?? largest;
  const manifest = (await readManifest(folder)) ?? {};
  for (const file of files) {
    const record = manifest[file.name];
    if (record === undefined) await checkPoints(file.path, { kind, pointBytes: file.pointBytes });
    else if (!(await isAsRecorded(file.path, record)))
      throw altered(file.path, `is not what ${join(folder, "crs.json")} says of it`);
  }
  if (chosen.points < expected.points) {
    throw new CrsError(
      CrsErrorCode.TOO_FEW_POINTS,
      `${folder} holds ${chosen.points} points, but ${expected.points} are needed: set CRS_PATH to a folder with ` +
        "enough points, or unset it",
      { path: folder, found: chosen.points, expected: expected.points },
    );
  }
  return { kind, folder, points: chosen.points, g1File: chosen.path, pointBytes: chosen.pointBytes };
}

/** Those of the two files that exist; at least one. */
async function g1FilesOf(folder: string): Promise<G1File[]> {
  const formats = [
    { name: G1_FILE, pointBytes: POINT_BYTES },
    { name: COMPRESSED_G1_FILE, pointBytes: COMPRESSED_POINT_BYTES },
  ];
  const files: G1File[] = [];
  for (const { name, pointBytes } of formats) {
    const path = join(folder, name);
    const bytes = await sizeOf(path);
    if (bytes === undefined) continue;
    if (bytes % pointBytes !== 0 || bytes < 2 * pointBytes)
      throw truncated(path, `${bytes} bytes are not points of ${pointBytes} bytes each`);
    files.push({ path, name, pointBytes, points: bytes / pointBytes });
  }
  if (files.length === 0) {
    throw new CrsError(
      CrsErrorCode.NOT_FOUND,
      `${folder} holds neither ${G1_FILE} nor ${COMPRESSED_G1_FILE}: set CRS_PATH to a folder that has one of ` +
        "them, or unset it to have a CRS prepared",
      { path: folder },
    );
  }
  return files;
}

async function readG2(folder: string): Promise<Uint8Array> {
  const path = join(folder, G2_FILE);
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined)
    throw new CrsError(
      CrsErrorCode.NOT_FOUND,
      `${path} is missing or cannot be read: copy it from the source of the folder's other files`,
      { path },
    );
  if (bytes.length !== G2_BYTES)
    throw truncated(path, `${bytes.length} bytes are not a G2 point, which has ${G2_BYTES}`);
  return bytes;
}

async function firstPoints({ path, pointBytes }: G1File): Promise<[first: Uint8Array, second: Uint8Array]> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(2 * pointBytes);
    await file.read(bytes, 0, bytes.length, 0);
    return [bytes.subarray(0, pointBytes), bytes.subarray(pointBytes)];
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    found => found.size,
    () => undefined,
  );
}

function truncated(path: string, what: string): CrsError {
  return new CrsError(
    CrsErrorCode.TRUNCATED,
    `${path} is truncated: ${what}; copy it again, set CRS_PATH to another folder, or unset it`,
    { path },
  );
}

function altered(path: string, what: string): CrsError {
  return new CrsError(
    CrsErrorCode.ALTERED,
    `${path} ${what}: copy it again, set CRS_PATH to another folder, or unset it to have a CRS prepared`,
    { path },
  );
}
