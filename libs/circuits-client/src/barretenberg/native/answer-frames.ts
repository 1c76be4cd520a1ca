import { BarretenbergError, BarretenbergErrorCode } from "../barretenberg-error.js";

/** No answer of bb's comes near it; the text of some other program read as a length does. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

/** A request as bb takes it: four bytes of length, least significant first, and the message. */
export function frameHeader(length: number): Uint8Array {
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, length, true);
  return header;
}

/** Puts bb's answers together from what its output is cut into. */
export class AnswerFrames {
  #parts: Uint8Array[] = [];
  #size = 0;

  /** The answers that are complete now. @throws BAD_ANSWER */
  push(part: Uint8Array): Uint8Array[] {
    this.#parts.push(part);
    this.#size += part.length;
    const answers: Uint8Array[] = [];
    while (this.#size >= 4) {
      const length = this.#length();
      if (this.#size < 4 + length) break;
      const all = Buffer.concat(this.#parts);
      answers.push(new Uint8Array(all.subarray(4, 4 + length)));
      this.#parts = [all.subarray(4 + length)];
      this.#size -= 4 + length;
    }
    return answers;
  }

  #length(): number {
    if ((this.#parts[0]?.length ?? 0) < 4) this.#parts = [Buffer.concat(this.#parts)];
    const [first] = this.#parts as [Uint8Array];
    const length = new DataView(first.buffer, first.byteOffset, 4).getUint32(0, true);
    if (length > MAX_ANSWER_BYTES)
      throw new BarretenbergError(
        BarretenbergErrorCode.BAD_ANSWER,
        `an answer of ${length} bytes does not come from bb: give the path of the bb that comes with @aztec/bb.js ` +
          "5.0.0",
      );
    return length;
  }
}
