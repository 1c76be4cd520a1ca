// Not a hash: mixes words, cheaply. Lays the million leaves that a measurement needs beneath it; what is measured uses
// Poseidon2.
function hashRows(rows, width) {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.length);
  const out = new Uint8Array(rows.length / width);
  const written = new DataView(out.buffer);
  for (let row = 0; row < out.length; row += 32) {
    let a = 0x9e3779b9,
      b = 0x85ebca6b;
    for (let at = row * width; at < (row + 32) * width; at += 8) {
      a = Math.imul(a ^ view.getInt32(at), 0xcc9e2d51) + b;
      b = (Math.imul(b ^ view.getInt32(at + 4), 0x1b873593) ^ (a >>> 15)) | 0;
    }
    for (let at = row; at < row + 32; at += 4) {
      a = (Math.imul(a ^ (b >>> 13), 0xc2b2ae35) + at) | 0;
      b = (b + a) | 0;
      written.setInt32(at, at === row ? a & 0x0fffffff : a);
    }
  }
  return out;
}

export const mixHasher = { hash: () => 0n, hashPairs: pairs => hashRows(pairs, 2), hashRows };

/** Packed pseudo-random fields: the `count` from `from` on of one endless sequence. */
export function fieldsFrom(from, count) {
  const rows = new Uint8Array(64 * count);
  const view = new DataView(rows.buffer);
  for (let i = 0; i < count; i++)
    view.setBigUint64(64 * i, (BigInt(from + i + 1) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn);
  return hashRows(rows, 2);
}

/**
 * As {@link fieldsFrom}, ascending: an indexed tree takes them quickly, and looks the same to random keys afterwards.
 */
export function sortedFieldsFrom(from, count) {
  const fields = fieldsFrom(from, count);
  const view = new DataView(fields.buffer);
  const order = Float64Array.from(
    { length: count },
    (_, i) => Number(view.getBigUint64(32 * i) >> 34n) * 2 ** 20 + i,
  ).sort();
  const out = new Uint8Array(fields.length);
  order.forEach((key, i) => out.set(fields.subarray(32 * (key % 2 ** 20), 32 * (key % 2 ** 20) + 32), 32 * i));
  return out;
}
