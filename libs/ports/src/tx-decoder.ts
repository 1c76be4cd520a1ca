import type { Tx } from "@sprtn/protocol";

/** Reads a transaction's wire form. */
export interface TxDecoder {
  /** @throws ProtocolError BAD_TX */
  decode(bytes: Uint8Array): Tx;
}
