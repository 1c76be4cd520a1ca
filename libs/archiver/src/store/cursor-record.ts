import { L1BlockNumber } from "@sprtn/primitives";
import type { BlockId, L2Block } from "@sprtn/protocol";
import { blockId, idFromText, idToText } from "./chain-record.js";
import { readJson, writeJson } from "./json-record.js";

/** How far L1 has been read, and what can never change again. */
export interface CursorRecord {
  /** The last L1 block whose events are stored; `null` before the first. */
  readonly synced: L1BlockNumber | null;
  /** The highest stored L1 block that L1 has finalized: the floor of every reorg. */
  readonly l1Finalized: L1BlockNumber | null;
  readonly finalized: BlockId;
}

export function startOfSync(genesis: L2Block): CursorRecord {
  return { synced: null, l1Finalized: null, finalized: blockId(genesis) };
}

interface CursorText {
  readonly synced: number | null;
  readonly l1Finalized: number | null;
  readonly finalized: ReturnType<typeof idToText>;
}

export function encodeCursor({ synced, l1Finalized, finalized }: CursorRecord): Uint8Array {
  return writeJson<CursorText>({ synced, l1Finalized, finalized: idToText(finalized) });
}

/** @throws ArchiverError BAD_RECORD */
export function decodeCursor(bytes: Uint8Array): CursorRecord {
  return readJson<CursorText, CursorRecord>(bytes, "cursor", text => ({
    synced: l1NumberFromText(text.synced),
    l1Finalized: l1NumberFromText(text.l1Finalized),
    finalized: idFromText(text.finalized),
  }));
}

function l1NumberFromText(number: number | null): L1BlockNumber | null {
  return number === null ? null : L1BlockNumber(number);
}
