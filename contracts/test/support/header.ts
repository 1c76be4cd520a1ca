import { concat, toBeHex, zeroPadValue, sha256, toBigInt, getBytes } from "ethers";

/** Fields of a header in the order of libs/protocol/spec/encoding.md. */
export interface Header {
  lastArchive: string;
  number: number;
  slot: number;
  timestamp: bigint;
  coinbase: string;
  feeRecipient: string;
  baseFeePerL2Gas: bigint;
  baseFeePerDaGas: bigint;
  daHash: string;
  inHash: string;
  outHash: string;
  txCount: number;
  totalBaseFees: bigint;
  totalL2Gas: bigint;
  totalDaGas: bigint;
  stateHash: string;
  reserved: number;
}

export const zero32 = `0x${"00".repeat(32)}`;
const zero20 = `0x${"00".repeat(20)}`;

export const emptyHeader: Header = {
  lastArchive: zero32,
  number: 0,
  slot: 0,
  timestamp: 0n,
  coinbase: zero20,
  feeRecipient: zero32,
  baseFeePerL2Gas: 0n,
  baseFeePerDaGas: 0n,
  daHash: zero32,
  inHash: zero32,
  outHash: zero32,
  txCount: 0,
  totalBaseFees: 0n,
  totalL2Gas: 0n,
  totalDaGas: 0n,
  stateHash: zero32,
  reserved: 0,
};

/** The 284 bytes of a header. */
export function encodeHeader(header: Header): string {
  return concat([
    header.lastArchive,
    toBeHex(header.number, 4),
    toBeHex(header.slot, 4),
    toBeHex(header.timestamp, 8),
    header.coinbase,
    header.feeRecipient,
    toBeHex(header.baseFeePerL2Gas, 8),
    toBeHex(header.baseFeePerDaGas, 8),
    header.daHash,
    header.inHash,
    header.outHash,
    toBeHex(header.txCount, 4),
    toBeHex(header.totalBaseFees, 16),
    toBeHex(header.totalL2Gas, 8),
    toBeHex(header.totalDaGas, 8),
    header.stateHash,
    toBeHex(header.reserved, 4),
  ]);
}

/** `S`: sha256 with the top byte zeroed, as 32 bytes. */
export function hashToField(bytes: string): string {
  return zeroPadValue(toBeHex(toBigInt(sha256(bytes)) & ((1n << 248n) - 1n), 31), 32);
}

/** The left-filled tree of encoding.md; `emptyParent` as outHash has it. */
export function leftFilledRoot(leaves: readonly string[], emptyParent = false): string {
  if (leaves.length === 0) return zero32;
  if (leaves.length === 1) return leaves[0]!;
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const left = leftFilledRoot(leaves.slice(0, half), emptyParent);
  const right = leftFilledRoot(leaves.slice(half), emptyParent);
  return emptyParent && left === zero32 && right === zero32 ? zero32 : hashToField(concat([left, right]));
}

/** txsEffectsHash of concatenated 704-byte effects. */
export function effectsRoot(effects: string): string {
  const bytes = getBytes(effects);
  const leaves = [];
  for (let at = 0; at < bytes.length; at += 704)
    leaves.push(hashToField(`0x${Buffer.from(bytes.subarray(at, at + 704)).toString("hex")}`));
  return leftFilledRoot(leaves);
}
