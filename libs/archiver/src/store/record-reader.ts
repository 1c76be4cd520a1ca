import { type Bytes32, bytesToUint, type Field, toHex } from "@sprtn/primitives";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";

/** Reads a stored record from its start to its end. @throws ArchiverError BAD_RECORD where it is too short */
export class RecordReader {
  #offset = 0;

  constructor(
    private readonly source: Uint8Array,
    private readonly what: string,
  ) {}

  bytes(length: number): Uint8Array {
    const part = this.source.subarray(this.#offset, this.#offset + length);
    if (part.length !== length) {
      throw new ArchiverError(
        ArchiverErrorCode.BAD_RECORD,
        `a stored ${this.what} is truncated: the database is damaged; delete the folder archive of the data ` +
          "directory, and it will be read from L1 again",
      );
    }
    this.#offset += length;
    return part;
  }

  number(length: number): number {
    return Number(bytesToUint(this.bytes(length)));
  }

  bytes32(): Bytes32 {
    return toHex(this.bytes(32)) as Bytes32;
  }

  field(): Field {
    return bytesToUint(this.bytes(32)) as Field;
  }

  rest(): Uint8Array {
    return this.bytes(this.source.length - this.#offset);
  }

  get ended(): boolean {
    return this.#offset === this.source.length;
  }
}
