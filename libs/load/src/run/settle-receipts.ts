import type { NodeApi, TxReceipt } from "@sprtn/ports";
import type { LoadPayment } from "./load-payment.js";
import type { TxTracker } from "./tx-tracker.js";

/** Receipts asked for in one go. */
const AT_ONCE = 16;
/** In one round of a run, so that asking is no load of its own; the oldest come first. */
const PER_ROUND = 200;

/**
 * Asks for receipts of payments that are in no block: what a node dropped has failed, and so has what no node
 * acknowledged and none knows. At the end of a run the others are lost, with the stage that a node knows as their code.
 */
export async function settleReceipts(
  { node, tracker }: { readonly node: Pick<NodeApi, "getTxReceipt">; readonly tracker: TxTracker },
  open: readonly LoadPayment[],
  { olderThan, isEnd = false }: { readonly olderThan: number; readonly isEnd?: boolean },
): Promise<void> {
  const asked = open.filter(payment => !payment.isOn("pending") && (payment.sentAt ?? Infinity) < olderThan);
  const queue = isEnd ? [...asked] : asked.slice(0, PER_ROUND);
  const askNext = async () => {
    for (let payment = queue.shift(); payment !== undefined; payment = queue.shift()) {
      if (payment.hash === undefined) continue;
      let receipt: TxReceipt | undefined;
      try {
        receipt = await node.getTxReceipt(payment.hash);
      } catch {
        // A node that does not answer says nothing about a payment; it is asked again in the next round.
        continue;
      }
      if (receipt.stage === "dropped") {
        payment.failure = { what: "dropped", code: receipt.code ?? "UNKNOWN" };
        tracker.forget(payment.hash);
      } else if (receipt.stage === "unknown" && payment.unanswered !== undefined) {
        // Nobody acknowledged it, so nothing is lost.
        payment.failure = { what: "refused", code: payment.unanswered };
      } else if (isEnd) payment.failure = { what: "lost", code: `STAGE_${receipt.stage.toUpperCase()}` };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askNext));
}
