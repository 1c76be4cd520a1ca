import type { LogFields, Logger, Signer } from "@sprtn/ports";
import type { JsonRpcProvider } from "ethers";
import { isEndpointFailure } from "../endpoints/endpoint-provider.js";
import { latestBlock } from "../heads/latest-block.js";
import { L1Error } from "../l1-error.js";
import { broadcast } from "./broadcast.js";
import { dryRun } from "./dry-run.js";
import { type FeeSettings, marketFees } from "./fees.js";
import type { EarlierSendings } from "./earlier-sendings.js";
import { newSending, type Sending } from "./sending.js";
import { type SignedTransaction, signTransaction } from "./sign-transaction.js";

interface FillGapDependencies {
  readonly signer: Signer;
  readonly logger: Logger;
  readonly earlier: EarlierSendings;
}

interface FillGapSettings extends FeeSettings {
  readonly chainId: bigint;
}

/** The endpoint that is asked, and what the transaction is made with. */
export interface FillGapContext {
  readonly provider: JsonRpcProvider;
  readonly dependencies: FillGapDependencies;
  readonly settings: FillGapSettings;
}

/** A transfer of nothing to oneself. */
const VOID_GAS = 21_000n;

/**
 * A transaction for a nonce that L1 counts as unused though later ones wait: a reorg removed what had it. What this
 * process had sent with it is sent again if it had succeeded and still would: whoever was told that it failed may have
 * sent it anew. Else the nonce is used up by a transfer of nothing.
 */
export async function fillNonceGap(
  { provider, dependencies, settings }: FillGapContext,
  gap: { readonly nonce: number; readonly head: number },
): Promise<Sending> {
  const { signer, logger, earlier } = dependencies;
  const { nonce, head } = gap;
  const former = earlier.get(nonce);
  if (former?.receipt?.succeeded === true && (await wouldSucceed(provider, former, signer.address))) {
    const [attempt] = former.attempts.slice(-1) as [SignedTransaction];
    const again = { ...newSending(former.request), nonce, pricedAt: head, attempts: [attempt] };
    const result = await offer(provider, attempt);
    report(logger, "an L1 reorg removed a transaction: sending it again", { nonce, hash: attempt.hash, result });
    return again;
  }
  const request = { to: signer.address, data: "0x", gasLimit: VOID_GAS };
  const fees = await marketFees(provider, settings, logger);
  const empty = signTransaction(signer, request, { chainId: settings.chainId, nonce, fees });
  const sending = { ...newSending(request), nonce, pricedAt: head, attempts: [empty] };
  const result = await offer(provider, empty);
  report(logger, "an L1 reorg left a nonce unused ahead of waiting transactions: filling it with an empty transfer", {
    nonce,
    hash: empty.hash,
    result,
  });
  return sending;
}

/** What is refused is handed out again while the gap is there: it is no refusal of what waits above the gap. */
async function offer(provider: JsonRpcProvider, { raw }: SignedTransaction): Promise<string> {
  try {
    return await broadcast(provider, raw);
  } catch (error) {
    if (isEndpointFailure(error) || !(error instanceof L1Error)) throw error;
    return `refused: ${error.message}`;
  }
}

/** A nonce that turns out to be used was in no gap: the endpoint's head lags behind its pool. */
function report(logger: Logger, text: string, fields: LogFields & { readonly result: unknown }): void {
  if (fields.result === "nonce-used") logger.debug("a lagging L1 endpoint reported a nonce as unused", fields);
  else logger.warn(text, fields);
}

/** Not known counts as no: a transfer of nothing is cheaper than a revert. */
async function wouldSucceed(provider: JsonRpcProvider, { request }: Sending, from: string): Promise<boolean> {
  try {
    const { timestamp } = await latestBlock(provider);
    await dryRun(provider, request, { from, at: timestamp + 1, block: "latest" });
    return true;
  } catch {
    return false;
  }
}
