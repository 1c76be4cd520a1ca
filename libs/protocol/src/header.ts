import {
  BlockNumber,
  concatBytes,
  EthAddress,
  type Field,
  fieldToBytes,
  fromHex,
  isField,
  sha256ToField,
  Slot,
  toHex,
  uintToBytes,
  UnixSeconds,
} from "@sprtn/primitives";
import { ByteReader } from "./byte-reader.js";
import { HEADER_LENGTH } from "./generated/constants.js";
import { ProtocolError, ProtocolErrorCode } from "./protocol-error.js";

/** A fee in L2-AZT wei per unit of each kind of gas, u64 each. */
export interface GasFees {
  readonly perL2Gas: bigint;
  readonly perDaGas: bigint;
}

/** A block's header; spec/encoding.md gives its 284 bytes. */
export interface BlockHeader {
  /** Root of the archive tree before this block. */
  readonly lastArchive: Field;
  readonly number: BlockNumber;
  readonly slot: Slot;
  /** Start of the slot. */
  readonly timestamp: UnixSeconds;
  readonly coinbase: EthAddress;
  /** L2 address that tips go to. */
  readonly feeRecipient: Field;
  readonly baseFees: GasFees;
  readonly daHash: Field;
  readonly inHash: Field;
  readonly outHash: Field;
  readonly txCount: number;
  /** Burnt by this block's transactions, wei, u128. */
  readonly totalBaseFees: bigint;
  readonly totalL2Gas: bigint;
  readonly totalDaGas: bigint;
  readonly stateHash: Field;
}

/** The header's 284 bytes (spec/encoding.md "Header"), as L1 hashes them. */
export function encodeHeader(header: BlockHeader): Uint8Array {
  return concatBytes(
    fieldToBytes(header.lastArchive),
    uintToBytes(header.number, 4),
    uintToBytes(header.slot, 4),
    uintToBytes(header.timestamp, 8),
    fromHex(header.coinbase),
    fieldToBytes(header.feeRecipient),
    uintToBytes(header.baseFees.perL2Gas, 8),
    uintToBytes(header.baseFees.perDaGas, 8),
    fieldToBytes(header.daHash),
    fieldToBytes(header.inHash),
    fieldToBytes(header.outHash),
    uintToBytes(header.txCount, 4),
    uintToBytes(header.totalBaseFees, 16),
    uintToBytes(header.totalL2Gas, 8),
    uintToBytes(header.totalDaGas, 8),
    fieldToBytes(header.stateHash),
    new Uint8Array(4),
  );
}

/** @throws ProtocolError BAD_HEADER for a wrong length, a field ≥ p, reserved bytes that are not zero */
export function decodeHeader(bytes: Uint8Array): BlockHeader {
  if (bytes.length !== HEADER_LENGTH) throw bad(`a header has ${HEADER_LENGTH} bytes, not ${bytes.length}`);
  const reader = new ByteReader(bytes);
  const field = (what: string): Field => {
    const value = reader.uint(32);
    if (!isField(value)) throw bad(`${what} is not a field`);
    return value;
  };
  const header: BlockHeader = {
    lastArchive: field("lastArchive"),
    number: BlockNumber(reader.number(4)),
    slot: Slot(reader.number(4)),
    timestamp: timestamp(reader.uint(8)),
    coinbase: EthAddress(toHex(reader.bytes(20))),
    feeRecipient: field("feeRecipient"),
    baseFees: { perL2Gas: reader.uint(8), perDaGas: reader.uint(8) },
    daHash: field("daHash"),
    inHash: field("inHash"),
    outHash: field("outHash"),
    txCount: reader.number(4),
    totalBaseFees: reader.uint(16),
    totalL2Gas: reader.uint(8),
    totalDaGas: reader.uint(8),
    stateHash: field("stateHash"),
  };
  if (reader.uint(4) !== 0n) throw bad("the reserved bytes are not zero");
  return header;
}

/** sha256 of the encoded header as a field: the block's hash. */
export function hashHeader(header: BlockHeader): Field {
  return sha256ToField(encodeHeader(header));
}

function timestamp(value: bigint): UnixSeconds {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw bad("the timestamp is beyond 2^53");
  return UnixSeconds(Number(value));
}

function bad(what: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.BAD_HEADER, `not a block header: ${what}`, { what });
}
