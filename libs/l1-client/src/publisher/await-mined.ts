import type { Clock, L1BlockRef, Logger, Signer } from "@sprtn/ports";
import type { EthAddress } from "@sprtn/primitives";
import { sleep } from "@sprtn/runtime";
import type { JsonRpcProvider } from "ethers";
import { isEndpointFailure } from "../endpoints/endpoint-provider.js";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { blockRef } from "../reader/block-ref.js";
import { broadcast } from "./broadcast.js";
import { fillNonceGap } from "./fill-nonce-gap.js";
import { bumpedFees, type FeeSettings, marketFees } from "./fees.js";
import type { MinedSendings } from "./mined-sendings.js";
import { rawReceipt } from "./raw-receipt.js";
import type { Sending } from "./sending.js";
import { type SignedTransaction, signTransaction } from "./sign-transaction.js";

export interface AwaitMinedDependencies {
  readonly endpoints: L1Endpoints;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly mined: MinedSendings;
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

/** How long L1 may be away while a transaction waits: it may be mined all the same. */
const LONGEST_ABSENCE_MS = 600_000;

/** Nonces that are filled at a time. */
const MAX_FILLED = 64;

/** Polls after which the pool is looked at though no block came: a node that restarts forgets it. */
const POLLS_BETWEEN_LOOKS = 10;

/** Nonces below those that are watched, which L1 does not count any more. */
interface Gap {
  /** What was sent for them. */
  readonly fillers: Map<number, Sending>;
  /** Polls in a row with a gap: one may be an endpoint that lags. */
  polls: number;
}

/**
 * Watches sendings until all have their receipts, deep enough, or a nonce was used by somebody else (then some have
 * none).
 * On the way it offers more for what is not included in time, and hands what the pool lost, to a reorg for instance, to
 * it again. An L1 that does not answer for a while is waited for: what was sent is not undone by that.
 */
export async function awaitMined(
  dependencies: AwaitMinedDependencies,
  settings: AwaitMinedSettings,
  sendings: readonly Sending[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const gap: Gap = { fillers: new Map(), polls: 0 };
  const { endpoints, clock, logger } = dependencies;
  for (let lastAnswerMs = clock.nowMs(); ;) {
    try {
      const state = await endpoints.run(provider => poll(provider, dependencies, settings, { sendings, gap }));
      if (state !== "wait") return;
      lastAnswerMs = clock.nowMs();
    } catch (error) {
      if (!isEndpointFailure(error) || clock.nowMs() - lastAnswerMs >= LONGEST_ABSENCE_MS) throw error;
      logger.debug("L1 does not say whether a transaction is mined", { code: error.code, reason: error.message });
    }
    await sleep(dependencies.clock, settings.pollingIntervalMs, signal);
  }
}

async function poll(
  provider: JsonRpcProvider,
  dependencies: AwaitMinedDependencies,
  settings: AwaitMinedSettings,
  { sendings, gap }: { readonly sendings: readonly Sending[]; readonly gap: Gap },
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
    } else await keepGoing(provider, dependencies, settings, { sending, head });
  }
  await fillGap(provider, dependencies, settings, { sendings, gap, used, head });
  return done ? "mined" : "wait";
}

/** What is not included in time offers more; what the pool lost is given to it again. */
async function keepGoing(
  provider: JsonRpcProvider,
  dependencies: AwaitMinedDependencies,
  settings: AwaitMinedSettings,
  { sending, head }: { readonly sending: Sending; readonly head: L1BlockRef },
): Promise<void> {
  if (head.number >= sending.pricedAt + settings.bumpAfterBlocks) {
    await offerMore(provider, dependencies, settings, sending, head.number);
  } else if (sending.seenAtHead !== head.hash || ++sending.pollsSinceSeen >= POLLS_BETWEEN_LOOKS) {
    await keepInPool(provider, dependencies.logger, sending);
    sending.seenAtHead = head.hash;
    sending.pollsSinceSeen = 0;
  }
}

/**
 * Below what waits, L1 counts on from a nonce that was used before: a reorg took it back, and most nodes do not return
 * such transactions to their pools. Until each nonce in between is used again, nothing of this key is included.
 */
async function fillGap(
  provider: JsonRpcProvider,
  dependencies: AwaitMinedDependencies,
  settings: AwaitMinedSettings,
  state: { readonly sendings: readonly Sending[]; readonly gap: Gap; readonly used: number; readonly head: L1BlockRef },
): Promise<void> {
  const { sendings, gap, used, head } = state;
  const lowest = Math.min(...sendings.filter(({ receipt }) => receipt === undefined).map(({ nonce }) => nonce));
  if (!(used < lowest) || lowest === Infinity) {
    gap.polls = 0;
    return;
  }
  if (++gap.polls < PATIENCE) return;
  for (let nonce = used; nonce < Math.min(lowest, used + MAX_FILLED); nonce++) {
    const filler = gap.fillers.get(nonce);
    if (filler === undefined)
      gap.fillers.set(nonce, await fillNonceGap(provider, dependencies, settings, { nonce, head: head.number }));
    else await keepGoing(provider, dependencies, settings, { sending: filler, head });
  }
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
