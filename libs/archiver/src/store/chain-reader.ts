import { type BlockNumber, bytesToUint, type Field } from "@sprtn/primitives";
import type { BlockToApply, KvStore, L1Position, MinedTx } from "@sprtn/ports";
import type { L2Block } from "@sprtn/protocol";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";
import { blockOf, type BlockRecord, decodeBlockRecord, effectOf } from "./block-record.js";
import { blockKey, messageKey, subtreeKey, txKey } from "./keys.js";
import { decodeSubtree } from "./subtree-record.js";
import { decodeTxRecord, type TxRecord } from "./tx-record.js";

/** Typed reading of the chain's records, stored ones or those of a draft. */
export class ChainReader {
  constructor(
    private readonly source: Pick<KvStore, "get">,
    private readonly genesis: L2Block,
  ) {}

  block(number: BlockNumber): L2Block | undefined {
    if (number === 0) return this.genesis;
    const record = this.#record(number);
    return record && blockOf(record);
  }

  /** A block that must be there. @throws ArchiverError BAD_RECORD */
  knownBlock(number: BlockNumber): L2Block {
    const block = this.block(number);
    if (block) return block;
    throw missing(number);
  }

  minedTx(hash: Field): MinedTx | undefined {
    const tx = this.tx(hash);
    if (tx === undefined) return undefined;
    const record = this.#record(tx.block);
    if (record === undefined) throw missing(tx.block);
    const effect = effectOf(record, tx.index);
    return effect && { block: { number: tx.block, hash: record.headerHash }, index: tx.index, effect };
  }

  /** A block that must be there, with its messages. */
  blockToApply(number: BlockNumber): BlockToApply {
    return { block: this.knownBlock(number), messages: this.subtree(number) };
  }

  l1Position(number: BlockNumber): L1Position | undefined {
    return this.#record(number)?.position;
  }

  tx(hash: Field): TxRecord | undefined {
    const bytes = this.source.get(txKey(hash));
    return bytes && decodeTxRecord(bytes);
  }

  /** The messages that a block consumes, frozen or not. */
  subtree(block: number): readonly Field[] {
    return decodeSubtree(this.source.get(subtreeKey(block)));
  }

  messageIndex(hash: Field): bigint | undefined {
    const bytes = this.source.get(messageKey(hash));
    return bytes && bytesToUint(bytes);
  }

  #record(number: BlockNumber): BlockRecord | undefined {
    const bytes = this.source.get(blockKey(number));
    return bytes && decodeBlockRecord(bytes);
  }
}

function missing(number: BlockNumber): ArchiverError {
  return new ArchiverError(
    ArchiverErrorCode.BAD_RECORD,
    `block ${number} is missing: the database is damaged; delete the folder archive of the data directory, ` +
      "and it will be read from L1 again",
    { block: number },
  );
}
