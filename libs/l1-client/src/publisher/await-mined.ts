import type { Clock, Logger, Signer } from "@sprtn/ports";
import type { EthAddress } from "@sprtn/primitives";
import { sleep } from "@sprtn/runtime";
import type { JsonRpcProvider } from "ethers";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { blockRef } from "../reader/block-ref.js";
import { broadcast } from "./broadcast.js";
import { bumpedFees, type FeeSettings, marketFees } from "./fees.js";
import { rawReceipt } from "./raw-receipt.js";
import type { Sending } from "./sending.js";
import { type SignedTransaction, signTransaction } from "./sign-transaction.js";

export interface AwaitMinedDependencies {
  readonly endpoints: L1Endpoints;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AwaitMinedSettings extends FeeSettings {
  readonly pollingIntervalMs: number;
  readonly confirmations: number;
  readonly bumpAfterBlocks: number;
  readonly chainId: bigint;
  readonly address: EthAddress;
}

/** Polls in which a used nonce without a receipt is taken for an endpoint that lags behind itself. */
const PATIENCE = 3;

/** Polls after which the pool is looked at though no block came: a node that restarts forgets it. */
const POLLS_BETWEEN_LOOKS = 10;

/**
 * Watches sendings until all have their receipts, deep enough, or a nonce was used by somebody else (then some have
 * none).
 * On the way it offers more for what is not included in time, and hands what the pool lost, to a reorg for instance, to
 * it again.
 */
export async function awaitMined(
  dependencies: AwaitMinedDependencies,
  settings: AwaitMinedSettings,
  sendings: readonly Sending[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    const state = await dependencies.endpoints.run(provider => poll(provider, dependencies, settings, sendings));
    if (state !== "wait") return;
    await sleep(dependencies.clock, settings.pollingIntervalMs, signal);
  }
}

async function poll(
  provider: JsonRpcProvider,
  dependencies: AwaitMinedDependencies,
  settings: AwaitMinedSettings,
  sendings: readonly Sending[],
): Promise<"mined" | "overtaken" | "wait"> {
  // The count before the receipts: whatever it counts has its receipt by then.
  const used = Number((await provider.send("eth_getTransactionCount", [settings.address, "latest"])) as string);
  const head = await blockRef(provider, "latest");
  if (!head) return "wait";
  let done = true;
  for (const sending of sendings) {
    sending.receipt = await receiptOf(provider, sending);
    if (sending.receipt) {
      if (sending.receipt.blockNumber + settings.confirmations - 1 > head.number) done = false;
      sending.overtaken = 0;
      continue;
    }
    done = false;
    if (used > sending.nonce) {
      if (++sending.overtaken >= PATIENCE) return "overtaken";
    } else if (head.number >= sending.pricedAt + settings.bumpAfterBlocks) {
      await offerMore(provider, dependencies, settings, sending, head.number);
    } else if (sending.seenAtHead !== head.hash || ++sending.pollsSinceSeen >= POLLS_BETWEEN_LOOKS) {
      await keepInPool(provider, dependencies.logger, sending);
      sending.seenAtHead = head.hash;
      sending.pollsSinceSeen = 0;
    }
  }
  return done ? "mined" : "wait";
}

async function receiptOf(provider: JsonRpcProvider, sending: Sending): Promise<Sending["receipt"]> {
  for (const attempt of sending.attempts.toReversed()) {
    const receipt = await rawReceipt(provider, attempt.hash);
    if (receipt) return receipt;
  }
  return undefined;
}

/** Nodes do not bring back what a reorg removed, and a restarted one has an empty pool. */
async function keepInPool(provider: JsonRpcProvider, logger: Logger, sending: Sending): Promise<void> {
  const { hash, raw } = newest(sending);
  if ((await provider.send("eth_getTransactionByHash", [hash])) !== null) return;
  logger.verbose("the L1 pool lost a transaction: sending it again", { hash, nonce: sending.nonce });
  await broadcast(provider, raw);
}

async function offerMore(
  provider: JsonRpcProvider,
  { signer, logger }: AwaitMinedDependencies,
  settings: AwaitMinedSettings,
  sending: Sending,
  head: number,
): Promise<void> {
  const { hash, fees } = newest(sending);
  // Once in `bumpAfterBlocks`, whatever comes of it.
  sending.pricedAt = head;
  const more = bumpedFees(fees, await marketFees(provider, settings), settings);
  if (!more) {
    logger.warn("an L1 transaction waits and its fee is at the cap: raise L1_MAX_FEE_PER_GAS to get it included", {
      hash,
      nonce: sending.nonce,
      ...fees,
    });
    await keepInPool(provider, logger, sending);
    return;
  }
  const replacement = signTransaction(signer, sending.request, {
    chainId: settings.chainId,
    nonce: sending.nonce,
    fees: more,
  });
  const result = await broadcast(provider, replacement.raw);
  // Refused as too cheap: remembered all the same, so that the next offer goes beyond it. A used nonce shows in the
  // next poll.
  if (result !== "nonce-used") sending.attempts.push(replacement);
  logger.verbose("an L1 transaction was not included in time: offering more", {
    hash,
    replacement: replacement.hash,
    nonce: sending.nonce,
    result,
    ...more,
  });
}

function newest(sending: Sending): SignedTransaction {
  return sending.attempts.at(-1) as SignedTransaction;
}
