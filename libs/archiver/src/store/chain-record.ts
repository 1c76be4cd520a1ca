import { BlockNumber, Field, fieldToHex, L1BlockNumber } from "@sprtn/primitives";
import type { BlockId, L2Block } from "@sprtn/protocol";
import { readJson, writeJson } from "./json-record.js";

/** A block on L1 that breaks a rule: this node stops below it until L1 removes it (PEND-8). */
export interface BadBlock {
  readonly number: BlockNumber;
  readonly code: string;
  readonly reason: string;
}

/** What L1 says about the chains at one L1 block; an L1 reorg takes it back. */
export interface ChainRecord {
  readonly pending: BlockId;
  readonly proven: BlockId;
  /** Proofs by the L1 block that holds them, for FINAL-1; those finalized long ago are dropped. */
  readonly proofs: readonly { readonly l1: L1BlockNumber; readonly tip: BlockId }[];
  readonly bad: BadBlock | null;
}

export function blockId(block: Pick<L2Block, "header" | "headerHash">): BlockId {
  return { number: block.header.number, hash: block.headerHash };
}

export function genesisRecord(genesis: L2Block): ChainRecord {
  return { pending: blockId(genesis), proven: blockId(genesis), proofs: [], bad: null };
}

interface IdText {
  readonly number: number;
  readonly hash: string;
}

export const idToText = (id: BlockId): IdText => ({ number: id.number, hash: fieldToHex(id.hash) });
export const idFromText = (text: IdText): BlockId => ({
  number: BlockNumber(text.number),
  hash: Field(BigInt(text.hash)),
});

interface ChainText {
  readonly pending: IdText;
  readonly proven: IdText;
  readonly proofs: readonly { readonly l1: number; readonly tip: IdText }[];
  readonly bad: { readonly number: number; readonly code: string; readonly reason: string } | null;
}

export function encodeChainRecord({ pending, proven, proofs, bad }: ChainRecord): Uint8Array {
  return writeJson<ChainText>({
    pending: idToText(pending),
    proven: idToText(proven),
    proofs: proofs.map(({ l1, tip }) => ({ l1, tip: idToText(tip) })),
    bad,
  });
}

/** @throws ArchiverError BAD_RECORD */
export function decodeChainRecord(bytes: Uint8Array): ChainRecord {
  return readJson<ChainText, ChainRecord>(bytes, "chain record", ({ pending, proven, proofs, bad }) => ({
    pending: idFromText(pending),
    proven: idFromText(proven),
    proofs: proofs.map(({ l1, tip }) => ({ l1: L1BlockNumber(l1), tip: idFromText(tip) })),
    bad: bad && { ...bad, number: BlockNumber(bad.number) },
  }));
}
