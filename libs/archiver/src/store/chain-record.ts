import { BlockNumber, Bytes32, Field, fieldToHex, type Hex, L1BlockNumber } from "@sprtn/primitives";
import type { BlockId, L2Block } from "@sprtn/protocol";
import { readJson, writeJson } from "./json-record.js";

/** A block on L1 that breaks a rule: this node stops below it until L1 removes it (PEND-8). */
export interface BadBlock {
  readonly number: BlockNumber;
  readonly code: string;
  readonly reason: string;
  /** `null` in a record of an earlier version, which took missing events for faults: the block is judged again. */
  readonly evidence: BadBlockEvidence | null;
  /** The pending tip on L1, the bad block or one on top of it; `null` as above. */
  readonly tip: { readonly number: BlockNumber; readonly archive: Field } | null;
  /** Whether L1 holds a proof of it. */
  readonly proven: boolean;
}

/** What was judged, so that anyone can look it up: the same whichever endpoint is asked. */
interface BadBlockEvidence {
  readonly l1Block: L1BlockNumber;
  readonly l1Hash: Bytes32;
  readonly transactionHash: Hex;
  /** Of the header as published. */
  readonly headerHash: Field;
  readonly archive: Field;
}

/** Whether two readings found the same fault in the same block. */
export function isSameVerdict(a: BadBlock | null, b: BadBlock | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.number === b.number &&
    a.code === b.code &&
    a.evidence?.l1Hash === b.evidence?.l1Hash &&
    a.evidence?.headerHash === b.evidence?.headerHash &&
    a.evidence?.archive === b.evidence?.archive
  );
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
  readonly bad: BadText | null;
}

interface BadText {
  readonly number: number;
  readonly code: string;
  readonly reason: string;
  /** The rest is absent in records of earlier versions. */
  readonly evidence?: {
    readonly l1Block: number;
    readonly l1Hash: string;
    readonly transactionHash: string;
    readonly headerHash: string;
    readonly archive: string;
  } | null;
  readonly tip?: { readonly number: number; readonly archive: string } | null;
  readonly proven?: boolean;
}

function badToText({ evidence, tip, ...bad }: BadBlock): BadText {
  return {
    ...bad,
    evidence: evidence && {
      ...evidence,
      headerHash: fieldToHex(evidence.headerHash),
      archive: fieldToHex(evidence.archive),
    },
    tip: tip && { number: tip.number, archive: fieldToHex(tip.archive) },
  };
}

function badFromText({ number, code, reason, evidence, tip, proven }: BadText): BadBlock {
  return {
    number: BlockNumber(number),
    code,
    reason,
    evidence: evidence
      ? {
          l1Block: L1BlockNumber(evidence.l1Block),
          l1Hash: Bytes32(evidence.l1Hash),
          transactionHash: evidence.transactionHash as Hex,
          headerHash: Field(BigInt(evidence.headerHash)),
          archive: Field(BigInt(evidence.archive)),
        }
      : null,
    tip: tip ? { number: BlockNumber(tip.number), archive: Field(BigInt(tip.archive)) } : null,
    proven: proven ?? false,
  };
}

export function encodeChainRecord({ pending, proven, proofs, bad }: ChainRecord): Uint8Array {
  return writeJson<ChainText>({
    pending: idToText(pending),
    proven: idToText(proven),
    proofs: proofs.map(({ l1, tip }) => ({ l1, tip: idToText(tip) })),
    bad: bad && badToText(bad),
  });
}

/** @throws ArchiverError BAD_RECORD */
export function decodeChainRecord(bytes: Uint8Array): ChainRecord {
  return readJson<ChainText, ChainRecord>(bytes, "chain record", ({ pending, proven, proofs, bad }) => ({
    pending: idFromText(pending),
    proven: idFromText(proven),
    proofs: proofs.map(({ l1, tip }) => ({ l1: L1BlockNumber(l1), tip: idFromText(tip) })),
    bad: bad && badFromText(bad),
  }));
}
