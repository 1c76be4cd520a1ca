import type { Field } from "@sprtn/primitives";
import type { Clock, PaymentWallet, TxReceipt, TxStage } from "@sprtn/ports";
import { isAbortError, RuntimeError, RuntimeErrorCode, sleep, withTimeout } from "@sprtn/runtime";

/** Stages in the order in which a transaction passes them. */
export const followableStages = ["submitted", "proposed", "attested", "pending", "proven", "finalized"] as const;
/** The stages at which a payment may count as through. */
export type FollowedStage = (typeof followableStages)[number];

const order: readonly TxStage[] = ["executed", ...followableStages];

export interface FollowOptions {
  readonly wallet: Pick<PaymentWallet, "watch">;
  readonly clock: Clock;
  readonly until: FollowedStage;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Hears of every stage once. */
  onStage?(stage: TxStage): void;
}

/** What became of it; `lost` when nothing came in time. */
export type Followed =
  | { readonly outcome: "reached" | "reverted" }
  | { readonly outcome: "dropped"; readonly code: string }
  | { readonly outcome: "lost" };

/** A node that does not answer says nothing about the transaction: it is asked again after this pause. */
const RETRY_MS = 2_000;

/**
 * Follows a transaction until it has come as far as `until`, also through times in which no node answers.
 * @throws RUNTIME_ABORTED when the signal fires
 */
export async function followTx(
  hash: Field,
  { wallet, clock, until, timeoutMs, signal, onStage }: FollowOptions,
): Promise<Followed> {
  const seen = new Set<TxStage>();
  const see = (receipt: TxReceipt): Followed | undefined => {
    const { stage } = receipt;
    if (stage === "dropped") return { outcome: "dropped", code: receipt.code ?? "UNKNOWN" };
    if (stage === "unknown") return undefined;
    if (!seen.has(stage)) onStage?.(stage);
    seen.add(stage);
    if (order.indexOf(stage) < order.indexOf(until)) return undefined;
    return { outcome: receipt.reverted === true ? "reverted" : "reached" };
  };
  try {
    return await withTimeout({ clock, timeoutMs, what: "following a transaction", signal }, async inner => {
      for (;;) {
        try {
          for await (const receipt of wallet.watch(hash, inner)) {
            const followed = see(receipt);
            if (followed !== undefined) return followed;
          }
          return { outcome: "lost" };
        } catch (error) {
          if (isAbortError(error) || inner.aborted) throw error;
        }
        await sleep(clock, RETRY_MS, inner);
      }
    });
  } catch (error) {
    if (error instanceof RuntimeError && error.code === RuntimeErrorCode.TIMEOUT) return { outcome: "lost" };
    throw error;
  }
}
