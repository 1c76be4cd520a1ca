// A constant of 32 bytes in AArch64 code: for each 8 bytes one `movz` and three `movk` in ascending order, of 16 bits
// each, other instructions between.
// Encoding: Arm Architecture Reference Manual, "Move (wide immediate)": bits 30-23 are opc 100101, 20-5 the immediate;
// opc is 10 for movz, 11 for movk.

const WINDOW_BYTES = 256;

/** The places of the sixteen instructions that contain `constant`, one for each occurrence. */
export function findMoves(code: Buffer, constant: Uint8Array): number[][] {
  const found: number[][] = [];
  for (let at = 0; at + 4 <= code.length; at += 4) {
    if (!isMove(code.readUInt32LE(at), constant, 0)) continue;
    const places = [at];
    for (
      let next = at + 4;
      next < at + WINDOW_BYTES && next + 4 <= code.length && places.length < constant.length / 2;
      next += 4
    ) {
      if (isMove(code.readUInt32LE(next), constant, places.length)) places.push(next);
    }
    if (places.length === constant.length / 2) found.push(places);
  }
  return found;
}

/** Puts another constant of the same length into those instructions. */
export function setMoves(code: Buffer, places: readonly number[], constant: Uint8Array): void {
  places.forEach((place, i) => {
    const kept = code.readUInt32LE(place) & ~(0xffff << 5);
    code.writeUInt32LE((kept | (halfWord(constant, i) << 5)) >>> 0, place);
  });
}

function isMove(instruction: number, constant: Uint8Array, i: number): boolean {
  // 64 bits wide, of half-word i mod 4, into any register.
  const opcode = i % 4 === 0 ? 0xd2800000 : 0xf2800000;
  return (instruction & 0xffffffe0) >>> 0 === (opcode | ((i % 4) << 21) | (halfWord(constant, i) << 5)) >>> 0;
}

function halfWord(constant: Uint8Array, i: number): number {
  return (constant[2 * i] as number) | ((constant[2 * i + 1] as number) << 8);
}
