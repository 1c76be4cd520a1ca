import type { Bytes32, L1BlockNumber } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import { decodeCursor } from "./cursor-record.js";
import { CURSOR_KEY, l1BlockKey } from "./keys.js";
import { decodeL1Block } from "./l1-block-record.js";

/**
 * The highest L1 block in an archiver's store that L1 had finalized; `undefined` for none. For whoever runs that L1 and
 * may have lost it.
 * @throws ArchiverError BAD_RECORD
 */
export function finalizedL1Block(
  store: Pick<KvStore, "get">,
): { readonly number: L1BlockNumber; readonly hash: Bytes32 } | undefined {
  const cursor = store.get(CURSOR_KEY);
  const number = cursor === undefined ? null : decodeCursor(cursor).l1Finalized;
  const block = number === null ? undefined : store.get(l1BlockKey(number));
  return number === null || block === undefined ? undefined : { number, hash: decodeL1Block(block).hash };
}
