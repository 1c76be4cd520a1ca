import { CodedError } from "@sprtn/primitives";

/** What can be wrong with points: absent, cut off, changed, not to be downloaded, no room for them. */
export enum CrsErrorCode {
  /** CRS_PATH holds no CRS. */
  NOT_FOUND = "CRS_NOT_FOUND",
  /** The folder's CRS is of the other kind, or of an unknown kind. */
  WRONG_KIND = "CRS_WRONG_KIND",
  /** A file is cut off. */
  TRUNCATED = "CRS_TRUNCATED",
  /** A file does not hold the CRS's points. */
  ALTERED = "CRS_ALTERED",
  /** The folder's CRS is intact, but too small. */
  TOO_FEW_POINTS = "CRS_TOO_FEW_POINTS",
  /** An impossible number of points, or more than are available. */
  BAD_SIZE = "CRS_BAD_SIZE",
  /** The Ignition points could not be downloaded. */
  DOWNLOAD_FAILED = "CRS_DOWNLOAD_FAILED",
  /** The dev CRS could not be made. */
  GENERATION_FAILED = "CRS_GENERATION_FAILED",
  /** The cache folder cannot be used. */
  CACHE_UNUSABLE = "CRS_CACHE_UNUSABLE",
  /** Barretenberg's constants are not where version 5.0.0 has them. */
  OTHER_BARRETENBERG = "CRS_OTHER_BARRETENBERG",
  /** A swap was asked for, but the Ignition CRS needs none. */
  NO_SWAP_FOR_IGNITION = "CRS_NO_SWAP_FOR_IGNITION",
  /** bb.js has no such file for this platform. */
  NO_BARRETENBERG = "CRS_NO_BARRETENBERG",
}

/** The file that the error is about, with what was found in it and what was expected. */
export type CrsErrorPayload = Partial<{
  readonly path: string;
  readonly kind: string;
  readonly found: string | number;
  readonly expected: string | number;
}>;

export class CrsError extends CodedError<CrsErrorCode, CrsErrorPayload> {}

/** Runs `work`, which writes below `path`; what the system refuses becomes CACHE_UNUSABLE. */
export async function usingCache<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!/^E[A-Z]+$/.test(code)) throw error;
    const remedy =
      code === "ENOSPC" || code === "EDQUOT"
        ? "free some space (a full CRS takes 200 MB, and twice that while it is being made)"
        : "give this user permission to write there, or set CRS_CACHE to another folder";
    throw new CrsError(
      CrsErrorCode.CACHE_UNUSABLE,
      `${path} cannot be used (${code}): ${remedy}`,
      { path },
      { cause: error },
    );
  }
}
