// Just enough of the WebAssembly binary format to write one module of vector arithmetic. Opcodes: WebAssembly core
// specification 2.0, section 5.4.

/** Instructions in order, as bytes. */
export type Code = readonly number[];

function unsignedLeb(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? byte : byte | 0x80);
  } while (rest !== 0);
  return out;
}

function signedLeb(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const byte = rest & 0x7f;
    const last = (rest >> 6 === 0 && (byte & 0x40) === 0) || (rest >> 6 === -1 && (byte & 0x40) !== 0);
    out.push(last ? byte : byte | 0x80);
    if (last) return out;
  }
}

const simd = (opcode: number, ...immediates: Code): Code => [0xfd, ...unsignedLeb(opcode), ...immediates];

export const I32 = 0x7f;
export const V128 = 0x7b;

export const op = {
  get: (local: number): Code => [0x20, ...unsignedLeb(local)],
  set: (local: number): Code => [0x21, ...unsignedLeb(local)],
  call: (index: number): Code => [0x10, ...unsignedLeb(index)],
  i32: (value: number): Code => [0x41, ...signedLeb(value)],
  addI32: [0x6a] as Code,
  lessI32: [0x49] as Code,
  /** `body` until the condition it leaves is false. */
  loop: (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0x00, 0x0b],

  /** Two u32 from address + offset, each widened to 64 bits. */
  loadWide: (offset: number): Code => simd(6, 3, ...unsignedLeb(offset)),
  /** Two u32 from address + offset into lanes 0 and 1 of four; the others are zero. */
  loadNarrow: (offset: number): Code => simd(93, 3, ...unsignedLeb(offset)),
  /** Lanes 0 and 1 of four, as 8 bytes. */
  storeNarrow: (offset: number): Code => simd(91, 3, ...unsignedLeb(offset), 0),
  /** 16 bytes that are there in full. */
  loadFull: (offset: number): Code => simd(0, 4, ...unsignedLeb(offset)),
  /** The low halves of two 64-bit lanes, into lanes 0 and 1 of four. Takes its operand twice. */
  narrow: simd(13, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11),
  and: simd(78),
  /** Products of lanes 0 and of lanes 1, 64 bits each. */
  multiplyNarrow: simd(222),
  addNarrow: simd(174),
  multiplyLowNarrow: simd(181),
  addWide: simd(206),
  subtractWide: simd(209),
  multiplyWide: simd(213),
  shiftLeftWide: simd(203),
  shiftRightWide: simd(205),
};

export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  /** Locals after the parameters, by type, in this order. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly body: Code;
}

const list = (items: readonly Code[]): Code => [...unsignedLeb(items.length), ...items.flat()];
const sized = (bytes: Code): Code => [...unsignedLeb(bytes.length), ...bytes];
/** "\0asm", version 1. */
const HEADER: Code = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/**
 * A module with one page of memory, `memory`; functions take i32 parameters, return nothing and are exported by name.
 */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, bytes: Code): Code => [id, ...sized(bytes)];
  const name = (text: string): Code => sized([...new TextEncoder().encode(text)]);
  return Uint8Array.from([
    ...HEADER,
    ...section(
      1,
      list(functions.map(({ parameters }) => [0x60, ...list(Array.from({ length: parameters }, () => [I32])), 0])),
    ),
    ...section(3, list(functions.map((_, i) => unsignedLeb(i)))),
    ...section(5, list([[0x00, 0x01]])),
    ...section(
      7,
      list([[...name("memory"), 0x02, 0x00], ...functions.map((f, i) => [...name(f.name), 0x00, ...unsignedLeb(i)])]),
    ),
    ...section(
      10,
      list(
        functions.map(f =>
          sized([...list(f.locals.map(([count, type]) => [...unsignedLeb(count), type])), ...f.body, 0x0b]),
        ),
      ),
    ),
  ]);
}
