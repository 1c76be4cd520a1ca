import { type BlockNumber, type Field, type L1BlockNumber, uintToBytes } from "@sprtn/primitives";
import type { KvOperation, KvStore } from "@sprtn/ports";
import type { L2Block } from "@sprtn/protocol";
import type { BlockProposed } from "../validate-block.js";
import { encodeBlockRecord } from "./block-record.js";
import { blockId, type ChainRecord, decodeChainRecord, encodeChainRecord, genesisRecord } from "./chain-record.js";
import { ChainReader } from "./chain-reader.js";
import type { ChainSnapshot, L1BlockName } from "./chain-snapshot.js";
import { type CursorRecord, encodeCursor } from "./cursor-record.js";
import {
  blockKey,
  blockNumberOf,
  Bucket,
  CHAIN_KEY,
  CURSOR_KEY,
  l1BlockKey,
  messageKey,
  subtreeKey,
  txKey,
} from "./keys.js";
import { decodeL1Block, encodeL1Block } from "./l1-block-record.js";
import { Overlay } from "./overlay.js";
import { encodeSubtree } from "./subtree-record.js";
import { encodeTxRecord } from "./tx-record.js";

/**
 * The chain while L1 blocks are read or reverted: nothing is stored before {@link operations} are written, in one
 * batch.
 */
export class ChainDraft {
  readonly read: ChainReader;
  readonly #overlay: Overlay;
  readonly #decoded = new Map<BlockNumber, L2Block>();
  readonly #l1Blocks: L1BlockName[];
  #chain: ChainRecord;
  #sealedChain: ChainRecord;
  #cursor: CursorRecord;
  #tip: L2Block;
  readonly #prunes: L1BlockNumber[] = [];

  constructor(
    store: Pick<KvStore, "get">,
    private readonly genesis: L2Block,
    { chain, cursor, l1Blocks, tip }: ChainSnapshot,
  ) {
    this.#overlay = new Overlay(store);
    this.read = new ChainReader(this.#overlay, genesis);
    this.#l1Blocks = [...l1Blocks];
    this.#chain = chain;
    this.#sealedChain = chain;
    this.#cursor = cursor;
    this.#tip = tip;
  }

  get chain(): ChainRecord {
    return this.#chain;
  }

  get cursor(): CursorRecord {
    return this.#cursor;
  }

  /** L1 blocks that are read, as in a snapshot. */
  get l1Blocks(): readonly L1BlockName[] {
    return this.#l1Blocks;
  }

  /** The pending tip. */
  get tip(): L2Block {
    return this.#tip;
  }

  /** The block of that number, without decoding again what this draft added. */
  block(number: BlockNumber): L2Block {
    return this.#decoded.get(number) ?? this.read.knownBlock(number);
  }

  change(change: Partial<ChainRecord>): void {
    this.#chain = { ...this.#chain, ...change };
  }

  addBlock(block: L2Block, event: BlockProposed): void {
    const { number } = block.header;
    const { headerHash, archive, effects } = block;
    this.#overlay.set(
      blockKey(number),
      encodeBlockRecord({
        position: event.position,
        headerHash,
        archive,
        header: event.header,
        effects: event.effects,
      }),
    );
    effects.forEach((effect, index) =>
      this.#overlay.set(txKey(effect.txHash), encodeTxRecord({ block: number, index })),
    );
    this.#decoded.set(number, block);
    this.#tip = block;
    this.change({ pending: blockId(block) });
  }

  /** Removes the blocks above `number`. */
  cutTo(number: BlockNumber): void {
    for (let above = this.#chain.pending.number; above > number; above--) {
      const removed = above;
      for (const effect of this.block(removed).effects) this.#overlay.set(txKey(effect.txHash), undefined);
      this.#overlay.set(blockKey(removed), undefined);
      this.#decoded.delete(removed);
    }
    this.#tip = this.block(number);
    this.change({ pending: blockId(this.#tip) });
  }

  /** A prune was followed, in that L1 block. */
  notePrune(l1Block: L1BlockNumber): void {
    this.#prunes.push(l1Block);
  }

  /** How many prunes were followed above an L1 block; `null` for all. */
  prunesAbove(l1Block: L1BlockNumber | null): number {
    return this.#prunes.filter(at => l1Block === null || at > l1Block).length;
  }

  addMessage(block: number, hash: Field, index: bigint): void {
    this.#overlay.set(subtreeKey(block), encodeSubtree([...this.read.subtree(block), hash]));
    this.#overlay.set(messageKey(hash), uintToBytes(index, 8));
  }

  /**
   * All events of an L1 block, and of those before it since the last call, are in. With `undo` the block can be taken
   * back; without, everything before it is final.
   */
  sealL1Block(name: L1BlockName, { undo }: { readonly undo: boolean }): void {
    if (this.#chain !== this.#sealedChain) this.#overlay.set(CHAIN_KEY, encodeChainRecord(this.#chain));
    this.#sealedChain = this.#chain;
    const replaced = this.#overlay.takeReplaced();
    this.#overlay.setForGood(l1BlockKey(name.number), encodeL1Block({ hash: name.hash, undo: undo ? replaced : [] }));
    this.#l1Blocks.push(name);
    this.#cursor = { ...this.#cursor, synced: name.number };
  }

  /** Reverts every L1 block above `number`; all of them for `null`. */
  unwindL1(number: L1BlockNumber | null): void {
    const kept = number === null ? 0 : this.#l1Blocks.findLastIndex(block => block.number <= number) + 1;
    for (const last of this.#l1Blocks.splice(kept).toReversed()) {
      const key = l1BlockKey(last.number);
      for (const image of decodeL1Block(this.#overlay.get(key) as Uint8Array).undo)
        this.#overlay.setForGood(image.key, image.value);
      this.#overlay.setForGood(key, undefined);
    }
    const chain = this.#overlay.get(CHAIN_KEY);
    this.#chain = chain ? decodeChainRecord(chain) : genesisRecord(this.genesis);
    this.#sealedChain = this.#chain;
    this.#decoded.clear();
    this.#tip = this.block(this.#chain.pending.number);
    this.#cursor = { ...this.#cursor, synced: number };
  }

  /**
   * Goes back below what L1 had finalized, to read it again from after L1 block `number`, `null` for all; the open
   * blocks are reverted already. The chain falls to the proven tip, which no missing event can have made wrong.
   */
  rewindFinal(number: L1BlockNumber | null): void {
    for (const block of this.#l1Blocks.splice(0)) this.#overlay.setForGood(l1BlockKey(block.number), undefined);
    this.cutTo(this.#chain.proven.number);
    this.change({ bad: null });
    this.#cursor = { ...this.#cursor, synced: number };
  }

  /** Whether that L1 block is among those kept. */
  holdsL1Block({ number, hash }: L1BlockName): boolean {
    return this.#l1Blocks.some(block => block.number === number && block.hash === hash);
  }

  /**
   * FINAL-1 a proven block is finalized once the L1 block holding its proof is finalized on L1. `l1` is a stored L1
   * block that L1 calls finalized.
   */
  finalizeL1(l1: L1BlockNumber): void {
    const tip = this.#chain.proofs.findLast(({ l1: at }) => at <= l1)?.tip;
    const { finalized, l1Finalized } = this.#cursor;
    // Below what was finalized before when L1 is being read again.
    this.#cursor = {
      ...this.#cursor,
      l1Finalized: l1Finalized !== null && l1Finalized > l1 ? l1Finalized : l1,
      finalized: tip && tip.number > finalized.number ? tip : finalized,
    };
    const settledBlocks = this.#l1Blocks.filter(block => block.number < l1).length;
    for (const { number } of this.#l1Blocks.splice(0, settledBlocks))
      this.#overlay.setForGood(l1BlockKey(number), undefined);
  }

  /** The lowest block that was added, removed or restored; `undefined` for none. */
  lowestTouched(): BlockNumber | undefined {
    let lowest: BlockNumber | undefined;
    for (const key of this.#overlay.keys()) {
      if (key[0] === Bucket.BLOCK && (lowest === undefined || blockNumberOf(key) < lowest)) lowest = blockNumberOf(key);
    }
    return lowest;
  }

  operations(): KvOperation[] {
    return [...this.#overlay.operations(), { type: "put", key: CURSOR_KEY, value: encodeCursor(this.#cursor) }];
  }

  snapshot(): ChainSnapshot {
    return { chain: this.#chain, cursor: this.#cursor, l1Blocks: [...this.#l1Blocks], tip: this.#tip };
  }
}
