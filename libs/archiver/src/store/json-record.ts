import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";

/** The few small records that are no hot path are JSON: they can be read by eye. */
export function writeJson<Text extends object>(value: Text): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** @throws ArchiverError BAD_RECORD for what `build` cannot make anything of */
export function readJson<Text extends object, Value>(
  bytes: Uint8Array,
  what: string,
  build: (text: Text) => Value,
): Value {
  try {
    return build(JSON.parse(new TextDecoder().decode(bytes)) as Text);
  } catch (cause) {
    throw new ArchiverError(
      ArchiverErrorCode.BAD_RECORD,
      `the stored ${what} cannot be read: the database is damaged; delete the folder archive of the data ` +
        "directory, and it will be read from L1 again",
      {},
      { cause },
    );
  }
}
