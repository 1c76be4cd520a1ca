import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

const MANIFEST_FILE = "crs.json";

export interface FileRecord {
  readonly bytes: number;
  readonly sha256: string;
}

/** By file name; written when all of them are in place. */
export type Manifest = Readonly<Record<string, FileRecord>>;

export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(folder, MANIFEST_FILE), "utf8"));
    const files = typeof parsed === "object" && parsed !== null && "files" in parsed ? parsed.files : undefined;
    return typeof files === "object" && files !== null && Object.values(files).every(isFileRecord)
      ? (files as Manifest)
      : undefined;
  } catch {
    return undefined;
  }
}

function isFileRecord(value: unknown): value is FileRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "bytes" in value &&
    typeof value.bytes === "number" &&
    "sha256" in value &&
    typeof value.sha256 === "string"
  );
}

export async function writeManifest(folder: string, files: Manifest): Promise<void> {
  const path = join(folder, MANIFEST_FILE);
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, `${JSON.stringify({ files }, undefined, 2)}\n`);
  await rename(temporary, path);
}

/** Files that this process has found to be what they are recorded as: by path, size and time. */
const verified = new Set<string>();

/**
 * Whether the file is as recorded; reads it only if this process has not done so since it changed. 192 MB take 0.2 s.
 */
export async function isAsRecorded(path: string, record: FileRecord): Promise<boolean> {
  const seen = await stat(path).catch(() => undefined);
  if (seen?.size !== record.bytes) return false;
  const key = `${path} ${record.sha256} ${seen.size} ${seen.mtimeMs} ${seen.ino}`;
  if (verified.has(key)) return true;
  if ((await sha256Of(path)) !== record.sha256) return false;
  verified.add(key);
  return true;
}

/** Adds a file to the manifest as it is, if it exists. */
export async function recordFile(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  const seen = await stat(path).catch(() => undefined);
  if (seen === undefined) return;
  const sha256 = await sha256Of(path);
  await writeManifest(folder, { ...(await readManifest(folder)), [name]: { bytes: seen.size, sha256 } });
}

/** Takes a file out of the manifest. */
export async function forgetFile(folder: string, name: string): Promise<void> {
  const { [name]: _, ...others } = (await readManifest(folder)) ?? {};
  await writeManifest(folder, others);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(bytes as Buffer);
  return hash.digest("hex");
}
