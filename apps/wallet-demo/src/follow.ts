import type { Field } from "@sprtn/primitives";
import type { TxReceipt, TxStage } from "@sprtn/ports";
import type { Wallet } from "@sprtn/wallet";
import { azt } from "./amounts.js";
import { DemoError, DemoErrorCode } from "./demo-error.js";

export type Print = (line: string) => void;

const order: readonly TxStage[] = ["submitted", "proposed", "attested", "pending", "proven", "finalized"];

/**
 * Prints each stage as it comes and resolves at `goal` or beyond.
 * @throws DemoError TX_FAILED for a transaction that was dropped or whose call reverted
 */
export async function follow(
  wallet: Pick<Wallet, "watch">,
  hash: Field,
  options: {
    readonly goal: TxStage;
    readonly print: Print;
    readonly nowMs: () => number;
    readonly signal: AbortSignal;
    readonly after?: TxStage;
  },
): Promise<TxReceipt> {
  const { goal, print, nowMs, signal, after } = options;
  const started = nowMs();
  for await (const receipt of wallet.watch(hash, signal)) {
    const { stage, block, fee, reverted, code } = receipt;
    if (stage === "dropped")
      throw new DemoError(
        DemoErrorCode.TX_FAILED,
        `the transaction was dropped (${code ?? "no code"}): run the demo again`,
      );
    if (after === undefined || order.indexOf(stage) > order.indexOf(after)) {
      const where = block === undefined ? "" : ` in block ${block.number}`;
      const cost = stage === "pending" && fee !== undefined ? `, fee ${azt(fee)}` : "";
      print(`   ${stage.padEnd(9)} after ${((nowMs() - started) / 1000).toFixed(1).padStart(5)} s${where}${cost}`);
    }
    if (order.indexOf(stage) < order.indexOf(goal)) continue;
    if (reverted)
      throw new DemoError(
        DemoErrorCode.TX_FAILED,
        `the call of the transaction in block ${block?.number ?? "?"} reverted: its sender could not pay the amount`,
      );
    return receipt;
  }
  throw new DemoError(DemoErrorCode.TX_FAILED, `the transaction ended before it was ${goal}: run the demo again`);
}
