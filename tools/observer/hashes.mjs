// S(bytes) and the trees of libs/protocol/spec/encoding.md.
import { concat, dataLength, dataSlice, sha256, toBeHex, ZeroHash } from "ethers";
import { HEADER_BYTES, TX_EFFECT_BYTES } from "./abi.mjs";

/** sha256 with the top byte zero. */
export const S = bytes => `0x00${sha256(bytes).slice(4)}`;
export const pair = (left, right) => S(concat([left, right]));
/** A node of the outHash tree. */
export const messagePair = (left, right) => (left === ZeroHash && right === ZeroHash ? ZeroHash : pair(left, right));

/** n = 1 is the leaf; else the left subtree holds the greatest power of two below n. */
export function leftFilled(leaves, parent) {
  if (leaves.length === 0) return ZeroHash;
  if (leaves.length === 1) return leaves[0];
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return parent(leftFilled(leaves.slice(0, left), parent), leftFilled(leaves.slice(left), parent));
}

/** A published byte string as effects: `{ hash, fields: bigint[22] }` each. */
export function splitEffects(bytes) {
  const count = dataLength(bytes) / TX_EFFECT_BYTES;
  return Array.from({ length: count }, (_, i) => {
    const effect = dataSlice(bytes, i * TX_EFFECT_BYTES, (i + 1) * TX_EFFECT_BYTES);
    const fields = Array.from({ length: 22 }, (__, j) => BigInt(dataSlice(effect, j * 32, j * 32 + 32)));
    return { hash: S(effect), fields };
  });
}

export const word = value => toBeHex(value, 32);

/** A header's fields by the table of the specification. */
export function readHeader(bytes) {
  if (dataLength(bytes) !== HEADER_BYTES) throw new RangeError(`a header of ${dataLength(bytes)} bytes`);
  const uint = (at, length) => BigInt(dataSlice(bytes, at, at + length));
  const hash = at => dataSlice(bytes, at, at + 32);
  return {
    lastArchive: hash(0),
    number: uint(32, 4),
    slot: uint(36, 4),
    timestamp: uint(40, 8),
    coinbase: dataSlice(bytes, 48, 68),
    baseFees: [uint(100, 8), uint(108, 8)],
    daHash: hash(116),
    inHash: hash(148),
    outHash: hash(180),
    txCount: uint(212, 4),
    totalBaseFees: uint(216, 16),
    gas: [uint(232, 8), uint(240, 8)],
    reserved: uint(280, 4),
  };
}

/** The genesis header of a deployment file, as bytes. */
export function encodeGenesis(header) {
  const uint = (value, bytes) => toBeHex(BigInt(value), bytes);
  return concat([
    header.lastArchive,
    uint(header.number, 4),
    uint(header.slot, 4),
    uint(header.timestamp, 8),
    header.coinbase,
    header.feeRecipient,
    uint(header.baseFees.perL2Gas, 8),
    uint(header.baseFees.perDaGas, 8),
    header.daHash,
    header.inHash,
    header.outHash,
    uint(header.txCount, 4),
    uint(header.totalBaseFees, 16),
    uint(header.totalL2Gas, 8),
    uint(header.totalDaGas, 8),
    header.stateHash,
    uint(0, 4),
  ]);
}
