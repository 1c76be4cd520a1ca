import { LIMB_BITS, LIMBS, PAIR_BYTES } from "./limbs.js";
import { at, RECIPROCAL_SHIFT } from "./memory-layout.js";
import { assemble, type Code, I32, op, V128, type WasmFunction } from "./wasm-assembler.js";

// The module works on pairs: every instruction does the same for two independent hashes. Bounds, with p < 2^254 and R =
// 2^261: a product of Montgomery's is below a·b/R + p,
// so below 1.2p except for the first square of a full round (22p squared: 6p); limbs of factors stay below 2^30, so
// nine products and nine multiples of p fit 64 bits.

const limbs = Array.from({ length: LIMBS }, (_, k) => k);
const offset = (element: number, limb: number): number => PAIR_BYTES * element + 8 * limb;

/** `target += a·b`, or `=` if it is fresh. */
const accumulate = (target: number, [a, b]: readonly [number, number], fresh: boolean): Code => [
  ...(fresh ? [] : op.get(target)),
  ...op.get(a),
  ...op.get(b),
  ...op.multiplyNarrow,
  ...(fresh ? [] : op.addWide),
  ...op.set(target),
];

const doubled = (times: number): Code => (times === 0 ? [] : [...op.i32(times), ...op.shiftLeftWide]);
/** `target = a·2^doublings + b`. */
const plus = (target: number, [a, b]: readonly [number, number], doublings = 0): Code => [
  ...op.get(a),
  ...doubled(doublings),
  ...op.get(b),
  ...op.addWide,
  ...op.set(target),
];
const element = (e: number): Code => op.i32(at.state + PAIR_BYTES * e);
const shiftedRight = (local: number): Code => [...op.get(local), ...op.i32(LIMB_BITS), ...op.shiftRightWide];
const stored = (pointer: Code, local: number, at_: number): Code => [
  ...pointer,
  ...op.get(local),
  ...op.get(local),
  ...op.narrow,
  ...op.storeNarrow(at_),
];

/**
 * `columns(row)` names the products a_i·b_j of a row as (i, j); together with Montgomery's reduction, one limb a row.
 * Then carries, so that limbs are normal.
 */
function montgomery(settings: {
  name: string;
  parameters: number;
  factors: Code;
  columns: (row: number) => readonly (readonly [column: number, a: number, b: number])[];
}): WasmFunction {
  const local = (group: number, i: number): number => settings.parameters + group * LIMBS + i;
  const sum = (column: number): number => local(3, column % LIMBS);
  const [modulus, quotient, mask, inverse, narrowMask] = [
    (k: number) => local(2, k),
    local(4, 0),
    local(4, 1),
    local(4, 2),
    local(4, 3),
  ];
  const body: number[] = [...settings.factors];
  for (const k of limbs) body.push(...op.i32(0), ...op.loadNarrow(at.modulus + 8 * k), ...op.set(modulus(k)));
  body.push(
    ...op.i32(0),
    ...op.loadFull(at.mask),
    ...op.set(mask),
    ...op.i32(0),
    ...op.loadFull(at.inverse),
    ...op.set(inverse),
    ...op.get(mask),
    ...op.get(mask),
    ...op.narrow,
    ...op.set(narrowMask),
  );
  for (const row of limbs) {
    for (const [column, a, b] of settings.columns(row))
      body.push(...accumulate(sum(column), [a, b], row === 0 || column === row + LIMBS - 1));
    body.push(
      ...op.get(sum(row)),
      ...op.get(sum(row)),
      ...op.narrow,
      ...op.get(inverse),
      ...op.multiplyLowNarrow,
      ...op.get(narrowMask),
      ...op.and,
      ...op.set(quotient),
    );
    for (const k of limbs) body.push(...accumulate(sum(row + k), [quotient, modulus(k)], false));
    body.push(...op.get(sum(row + 1)), ...shiftedRight(sum(row)), ...op.addWide, ...op.set(sum(row + 1)));
  }
  // Column 9 + k lies in sum(k) now; column 17 has nothing but the carry.
  for (const k of limbs.slice(0, -1)) {
    const carried =
      k === LIMBS - 2 ? shiftedRight(sum(k)) : [...op.get(sum(k + 1)), ...shiftedRight(sum(k)), ...op.addWide];
    body.push(...carried, ...op.set(sum(k + 1)), ...op.get(sum(k)), ...op.get(mask), ...op.and, ...op.set(sum(k)));
  }
  for (const k of limbs) body.push(...stored(op.get(0), sum(k), 8 * k));
  return { name: settings.name, parameters: settings.parameters, locals: [[4 * LIMBS + 4, V128]], body };
}

/** multiply(result, a, b): pointers, which may be equal. */
function multiply(): WasmFunction {
  const [a, b] = [(k: number) => 3 + k, (k: number) => 3 + LIMBS + k];
  const factors = limbs.flatMap(k => [
    ...op.get(1),
    ...op.loadNarrow(8 * k),
    ...op.set(a(k)),
    ...op.get(2),
    ...op.loadNarrow(8 * k),
    ...op.set(b(k)),
  ]);
  return montgomery({
    name: "multiply",
    parameters: 3,
    factors,
    columns: row => limbs.map(k => [row + k, a(row), b(k)] as const),
  });
}

/** square(result, a): each product of two different limbs once, doubled. */
function square(): WasmFunction {
  const [a, twice] = [(k: number) => 2 + k, (k: number) => 2 + LIMBS + k];
  const factors = limbs.flatMap(k => [
    ...op.get(1),
    ...op.loadNarrow(8 * k),
    ...op.set(a(k)),
    ...op.get(a(k)),
    ...op.get(a(k)),
    ...op.addNarrow,
    ...op.set(twice(k)),
  ]);
  return montgomery({
    name: "square",
    parameters: 2,
    factors,
    columns: row => limbs.slice(row).map(k => [row + k, a(row), k === row ? a(k) : twice(k)] as const),
  });
}

/**
 * Leaves limb `k` of one of `values` in a local, adds the carry, keeps the next carry, stores 29 bits (all of the top
 * limb).
 */
function carryAndStore(settings: {
  value: number;
  carry: number;
  mask: number;
  limb: number;
  pointer: Code;
  offset: number;
}): Code {
  const { value, carry, mask, limb } = settings;
  const withCarry = limb === 0 ? [] : [...op.get(value), ...op.get(carry), ...op.addWide, ...op.set(value)];
  const next =
    limb === LIMBS - 1
      ? []
      : [...shiftedRight(value), ...op.set(carry), ...op.get(value), ...op.get(mask), ...op.and, ...op.set(value)];
  return [...withCarry, ...next, ...stored(settings.pointer, value, settings.offset)];
}

/** external(constants): the state times the external matrix, plus four constants, limbs normal. */
function external(): WasmFunction {
  const x = [1, 2, 3, 4];
  const t = [5, 6, 7, 8];
  const [carry, mask] = [[9, 10, 11, 12], 13];
  const [x0, x1, x2, x3, t0, t1, t2, t3] = [...x, ...t] as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const body: number[] = [...op.i32(0), ...op.loadFull(at.mask), ...op.set(mask)];
  for (const k of limbs) {
    for (const e of [0, 1, 2, 3])
      body.push(...op.i32(0), ...op.loadWide(at.state + offset(e, k)), ...op.set(x[e] as number));
    body.push(...plus(t0, [x0, x1]), ...plus(t1, [x2, x3]), ...plus(t2, [x1, t1], 1), ...plus(t3, [x3, t0], 1));
    // (7 5 1 3 …): x3 = 4·t1 + t3, x1 = 4·t0 + t2, x0 = t3 + x1, x2 = t2 + x3
    body.push(...plus(x3, [t1, t3], 2), ...plus(x1, [t0, t2], 2), ...plus(x0, [t3, x1]), ...plus(x2, [t2, x3]));
    for (const e of [0, 1, 2, 3]) {
      const value = x[e] as number;
      body.push(...op.get(value), ...op.get(0), ...op.loadWide(offset(e, k)), ...op.addWide, ...op.set(value));
      body.push(
        ...carryAndStore({
          value,
          carry: carry[e] as number,
          mask,
          limb: k,
          pointer: op.i32(0),
          offset: at.state + offset(e, k),
        }),
      );
    }
  }
  return { name: "external", parameters: 1, locals: [[13, V128]], body };
}

/** settle(element, constant): adds it and makes the limbs normal. */
function settle(): WasmFunction {
  const [value, carry, mask] = [2, 3, 4];
  const body = limbs.flatMap(k => [
    ...op.get(0),
    ...op.loadWide(8 * k),
    ...op.get(1),
    ...op.loadWide(8 * k),
    ...op.addWide,
    ...op.set(value),
    ...carryAndStore({ value, carry, mask, limb: k, pointer: op.get(0), offset: 8 * k }),
  ]);
  return {
    name: "settle",
    parameters: 2,
    locals: [[3, V128]],
    body: [...op.i32(0), ...op.loadFull(at.mask), ...op.set(mask), ...body],
  };
}

/**
 * sum(): the sum of the state, less as many p as its top limb tells: below 1.1p, limbs normal. It is at most 68p, in
 * the first partial round, whose elements come from the external
 * matrix at up to 22p each; 68 times a limb of p stays below the bias of 2^37.
 */
function reducedSum(): WasmFunction {
  // Limb k lies in local k.
  const [carry, mask, quotient] = [LIMBS, LIMBS + 1, LIMBS + 2];
  const body: number[] = [...op.i32(0), ...op.loadFull(at.mask), ...op.set(mask)];
  for (const k of limbs) {
    body.push(
      ...[0, 1, 2, 3].flatMap(e => [
        ...op.i32(0),
        ...op.loadWide(at.state + offset(e, k)),
        ...(e === 0 ? [] : op.addWide),
      ]),
      ...op.set(k),
    );
    if (k > 0)
      body.push(
        ...op.get(k),
        ...shiftedRight(k - 1),
        ...op.addWide,
        ...op.set(k),
        ...op.get(k - 1),
        ...op.get(mask),
        ...op.and,
        ...op.set(k - 1),
      );
  }
  body.push(
    ...op.get(LIMBS - 1),
    ...op.i32(0),
    ...op.loadFull(at.reciprocal),
    ...op.multiplyWide,
    ...op.i32(RECIPROCAL_SHIFT),
    ...op.shiftRightWide,
    ...op.set(quotient),
  );
  body.push(...op.get(quotient), ...op.get(quotient), ...op.narrow, ...op.set(quotient));
  for (const k of limbs) {
    const bias = k === 0 ? at.biasFirst : k === LIMBS - 1 ? at.biasTop : at.bias;
    body.push(...op.get(k), ...op.i32(0), ...op.loadFull(bias), ...(k === LIMBS - 1 ? op.subtractWide : op.addWide));
    body.push(
      ...op.get(quotient),
      ...op.i32(0),
      ...op.loadNarrow(at.modulus + 8 * k),
      ...op.multiplyNarrow,
      ...op.subtractWide,
      ...op.set(k),
    );
    body.push(...carryAndStore({ value: k, carry, mask, limb: k, pointer: op.i32(0), offset: at.sum + 8 * k }));
  }
  return { name: "sum", parameters: 0, locals: [[LIMBS + 3, V128]], body };
}

/** addSum(): the sum to each element of the state. */
function addSum(): WasmFunction {
  const shared = 0;
  const body = limbs.flatMap(k => [
    ...op.i32(0),
    ...op.loadNarrow(at.sum + 8 * k),
    ...op.set(shared),
    ...[0, 1, 2, 3].flatMap(e => [
      ...op.i32(0),
      ...op.i32(0),
      ...op.loadNarrow(at.state + offset(e, k)),
      ...op.get(shared),
      ...op.addNarrow,
      ...op.storeNarrow(at.state + offset(e, k)),
    ]),
  ]);
  return { name: "addSum", parameters: 0, locals: [[1, V128]], body };
}

/** permute(): the state, in Montgomery's form. */
function permute(call: (name: string, ...parameters: Code[]) => Code): WasmFunction {
  const pointer = 0;
  const power = (e: number): Code => [
    ...call("square", op.i32(at.power), element(e)),
    ...call("square", op.i32(at.power), op.i32(at.power)),
    ...call("multiply", element(e), op.i32(at.power), element(e)),
  ];
  /** For each step of `bytes` from `from` to `to`. */
  const rounds = ([from, to]: readonly [number, number], bytes: number, round: Code): Code => [
    ...op.i32(from),
    ...op.set(pointer),
    ...op.loop([
      ...round,
      ...op.get(pointer),
      ...op.i32(bytes),
      ...op.addI32,
      ...op.set(pointer),
      ...op.get(pointer),
      ...op.i32(to),
      ...op.lessI32,
    ]),
  ];
  const full = [...[0, 1, 2, 3].flatMap(power), ...call("external", op.get(pointer))];
  const diagonal = [0, 1, 2, 3].flatMap(e =>
    call("multiply", element(e), element(e), op.i32(at.diagonal + PAIR_BYTES * e)),
  );
  const partial = [
    ...power(0),
    ...call("sum"),
    ...diagonal,
    ...call("addSum"),
    ...call("settle", element(0), op.get(pointer)),
  ];
  const body = [
    ...call("external", op.i32(at.constants)),
    ...rounds([at.constants + 4 * PAIR_BYTES, at.constants + 20 * PAIR_BYTES], 4 * PAIR_BYTES, full),
    // The last partial round ends with the next full round's first constant; its others follow.
    ...rounds([at.partial, at.last + PAIR_BYTES], PAIR_BYTES, partial),
    ...[1, 2, 3].flatMap(e => call("settle", element(e), op.i32(at.last + PAIR_BYTES * e))),
    ...rounds([at.last + 4 * PAIR_BYTES, at.last + 16 * PAIR_BYTES], 4 * PAIR_BYTES, full),
    ...[0, 1, 2, 3].flatMap(power),
    ...call("external", op.i32(at.zero)),
  ];
  return { name: "permute", parameters: 0, locals: [[1, I32]], body };
}

/** Poseidon2 over BN254 for two independent states at a time, as WebAssembly. */
export function poseidon2Module(): Uint8Array<ArrayBuffer> {
  const parts = [multiply(), square(), external(), settle(), reducedSum(), addSum()];
  const call = (name: string, ...parameters: Code[]): Code => [
    ...parameters.flat(),
    ...op.call(parts.findIndex(part => part.name === name)),
  ];
  return assemble([...parts, permute(call)]);
}
