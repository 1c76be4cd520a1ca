import type { Field } from "@sprtn/primitives";
import {
  constants,
  decodeTxRequest,
  encodeTxResponse,
  MAX_TX_BYTES,
  type Tx,
  TX_RESPONSE_OFFSET_BYTES,
} from "@sprtn/protocol";
import type { RequestHandler } from "@sprtn/ports";
import type { TxPoolMetrics } from "./tx-pool-metrics.js";

export interface ServeTxsDependencies {
  readonly find: (hash: Field) => Tx | undefined;
  readonly metrics: TxPoolMetrics;
}

/** LIMIT-20: answers to `txs` stay below what peers accept. */
export const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

const BYTES_WITHOUT_PROOF = MAX_TX_BYTES - constants.MAX_PROOF_BYTES + TX_RESPONSE_OFFSET_BYTES;

/**
 * Protocol `txs`: those of the hashes asked for that this node has, in that order, as many as fit `maxAnswerBytes`.
 * @throws ProtocolError BAD_MESSAGE
 */
export function serveTxs(
  { find, metrics }: ServeTxsDependencies,
  settings: { readonly maxAnswerBytes: number },
): RequestHandler {
  return async ({ data }) => {
    const found: Tx[] = [];
    let bytes = 0;
    for (const hash of decodeTxRequest(data)) {
      const tx = find(hash);
      if (!tx) continue;
      bytes += BYTES_WITHOUT_PROOF + tx.proof.length;
      if (bytes > settings.maxAnswerBytes) break;
      found.push(tx);
    }
    metrics.served(found.length);
    return encodeTxResponse(found);
  };
}
