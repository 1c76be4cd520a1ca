import { HasherError, HasherErrorCode } from "./hasher-error.js";

const text = new TextEncoder();
const COMMAND = text.encode("Poseidon2Hash");
const RESPONSE = text.encode("Poseidon2HashResponse");
/** `["Poseidon2HashResponse", {"hash": 32 bytes}]` in msgpack. */
const RESPONSE_BYTES = 2 + RESPONSE.length + 6 + 2 + 32;
const FIELD_HEADER = [0xc4, 32];

/**
 * Barretenberg's command `[["Poseidon2Hash", {"inputs": [32 bytes …]}]]` as one buffer that is filled in anew each
 * time: packing each command with a msgpack library costs a sixth of the time.
 */
export class Poseidon2Request {
  readonly bytes: Uint8Array;
  private readonly firstField: number;

  /** @param width inputs of each hash, below 65,536 */
  constructor(readonly width: number) {
    const count = width < 16 ? [0x90 | width] : [0xdc, width >> 8, width & 0xff];
    const head = Uint8Array.of(
      0x91,
      0x92,
      0xa0 | COMMAND.length,
      ...COMMAND,
      0x81,
      0xa6,
      ...text.encode("inputs"),
      ...count,
    );
    this.firstField = head.length + FIELD_HEADER.length;
    this.bytes = new Uint8Array(head.length + width * (FIELD_HEADER.length + 32));
    this.bytes.set(head);
    for (let i = 0; i < width; i++) this.bytes.set(FIELD_HEADER, head.length + i * (FIELD_HEADER.length + 32));
  }

  /** Fills in `width` fields of 32 bytes from `rows` at `offset`. */
  fill(rows: Uint8Array, offset: number): void {
    for (let i = 0; i < this.width; i++)
      this.bytes.set(
        rows.subarray(offset + 32 * i, offset + 32 * i + 32),
        this.firstField + i * (FIELD_HEADER.length + 32),
      );
  }
}

/** The hash in a response; BAD_RESPONSE for anything else. */
export function hashOfResponse(response: Uint8Array): Uint8Array {
  if (response.length !== RESPONSE_BYTES || response[2] !== RESPONSE[0]) {
    throw new HasherError(
      HasherErrorCode.BAD_RESPONSE,
      "Barretenberg did not return a hash: the inputs are not field elements, or bb.js is not the version that " +
        "this package pins",
      { response: new TextDecoder().decode(response.subarray(0, 200)) },
    );
  }
  return response.subarray(RESPONSE_BYTES - 32);
}
