import { concatBytes, type Field, fieldToBytes, fromHex, L1BlockNumber, uintToBytes } from "@sprtn/primitives";
import type { L1Position } from "@sprtn/ports";
import { constants, decodeEffects, decodeHeader, type L2Block, type TxEffect } from "@sprtn/protocol";
import { RecordReader } from "./record-reader.js";

/** A block as it is stored: header and effects in the bytes that L1 published. */
export interface BlockRecord {
  readonly position: L1Position;
  readonly headerHash: Field;
  readonly archive: Field;
  readonly header: Uint8Array;
  readonly effects: Uint8Array;
}

/**
 * L1 block number (8) ‖ L1 block hash ‖ L1 transaction hash ‖ log index (4) ‖ header hash ‖ archive ‖ header ‖ effects.
 */
export function encodeBlockRecord({ position, headerHash, archive, header, effects }: BlockRecord): Uint8Array {
  return concatBytes(
    uintToBytes(position.blockNumber, 8),
    fromHex(position.blockHash),
    fromHex(position.transactionHash),
    uintToBytes(position.logIndex, 4),
    fieldToBytes(headerHash),
    fieldToBytes(archive),
    header,
    effects,
  );
}

/** @throws ArchiverError BAD_RECORD */
export function decodeBlockRecord(bytes: Uint8Array): BlockRecord {
  const reader = new RecordReader(bytes, "block");
  return {
    position: {
      blockNumber: L1BlockNumber(reader.number(8)),
      blockHash: reader.bytes32(),
      transactionHash: reader.bytes32(),
      logIndex: reader.number(4),
    },
    headerHash: reader.field(),
    archive: reader.field(),
    header: reader.bytes(constants.HEADER_LENGTH),
    effects: reader.rest(),
  };
}

export function blockOf({ headerHash, archive, header, effects }: BlockRecord): L2Block {
  return { header: decodeHeader(header), headerHash, archive, effects: decodeEffects(effects) };
}

/** One transaction of the block, without reading the others. */
export function effectOf({ effects }: BlockRecord, index: number): TxEffect | undefined {
  const at = index * constants.TX_EFFECT_BYTES;
  return decodeEffects(effects.subarray(at, at + constants.TX_EFFECT_BYTES))[0];
}
