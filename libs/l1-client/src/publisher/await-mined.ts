import type { Clock, L1BlockRef, Logger, Signer } from "@sprtn/ports";
import { codeOf, type EthAddress } from "@sprtn/primitives";
import { sleep } from "@sprtn/runtime";
import { type EndpointProvider, isEndpointFailure } from "../endpoints/endpoint-provider.js";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { blockRef } from "../reader/block-ref.js";
import { fillNonceGap } from "./fill-nonce-gap.js";
import { estimateGas, withMargin } from "./estimate-gas.js";
import { handOut, isKnown } from "./hand-out.js";
import { bumpedFees, type FeeSettings, marketFees } from "./fees.js";
import type { EarlierSendings } from "./earlier-sendings.js";
import { nonceUser } from "./nonce-user.js";
import { rawReceipt } from "./raw-receipt.js";
import type { Sending } from "./sending.js";
import { type SignedTransaction, signTransaction } from "./sign-transaction.js";

interface AwaitMinedDependencies {
  readonly endpoints: L1Endpoints;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly earlier: EarlierSendings;
}

interface AwaitMinedSettings extends FeeSettings {
  readonly pollingIntervalMs: number;
  readonly confirmations: number;
  readonly bumpAfterBlocks: number;
  readonly gasMarginPercent: number;
  readonly chainId: bigint;
  readonly address: EthAddress;
}

/** Polls for which an endpoint may lag behind itself: in its receipts, its pool or its count. */
const PATIENCE = 3;

/** How long L1, or the receipt of what it counts, may be away: a transaction may be mined all the same. */
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

/** One look at L1, by one endpoint. */
interface Look {
  readonly provider: EndpointProvider;
  readonly dependencies: AwaitMinedDependencies;
  readonly settings: AwaitMinedSettings;
}

/** A look that has found L1's head. */
interface LookAtHead extends Look {
  readonly head: L1BlockRef;
  /** Nonces that the chain has used. */
  readonly used: number;
}

/**
 * Watches sendings until all have their receipts, deep enough, or a nonce was used by somebody else, which L1's blocks
 * have to show (then some have none).
 * On the way it offers more for what is not included in time, and hands what the pool lost, to a reorg for instance, to
 * it again. An L1 that does not answer for a while is waited for: what was sent is not undone by that.
 * @throws L1Error UNCERTAIN; what the pool refused, if L1 does not know it
 */
export async function awaitMined(
  { dependencies, settings }: Pick<Look, "dependencies" | "settings">,
  sendings: readonly Sending[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const gap: Gap = { fillers: new Map(), polls: 0 };
  const { endpoints, clock, logger } = dependencies;
  for (let lastAnswerMs = clock.steadyMs(); ;) {
    try {
      const state = await endpoints.run(provider => poll({ provider, dependencies, settings }, sendings, gap));
      if (state !== "wait") return;
      lastAnswerMs = clock.steadyMs();
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (clock.steadyMs() - lastAnswerMs >= LONGEST_ABSENCE_MS) throw naming(sendings, error);
      // Answered with an error it was by one that works otherwise.
      if (!isEndpointFailure(error)) endpoints.turnAway();
      logger.debug("L1 does not say whether a transaction is mined", { code: error.code, reason: error.message });
    }
    await sleep(dependencies.clock, settings.pollingIntervalMs, signal);
  }
}

/** Whether L1 may do better later. An error that it answers a question with says nothing of the sendings. */
function mayPass(error: unknown): error is L1Error {
  return isEndpointFailure(error) || codeOf(error) === L1ErrorCode.REQUEST_FAILED;
}

/** The error of an L1 that was away for too long, with the first transaction whose end is not known. */
function naming(sendings: readonly Sending[], error: L1Error): L1Error {
  const open = sendings.find(({ receipt }) => !receipt);
  if (open === undefined) return error;
  const { hash } = newest(open);
  return new L1Error(
    error.code,
    `${error.message}; it is not known what became of the transaction ${hash} (nonce ${open.nonce}): look it up ` +
      "before you send it again",
    { ...error.payload, transactionHash: hash, number: open.nonce },
    { cause: error },
  );
}

async function poll(look: Look, sendings: readonly Sending[], gap: Gap): Promise<"mined" | "overtaken" | "wait"> {
  const { provider, settings } = look;
  // The count before the receipts: whatever it counts has its receipt by then.
  const used = Number((await provider.send("eth_getTransactionCount", [settings.address, "latest"])) as string);
  const head = await blockRef(provider, "latest");
  if (!head) return "wait";
  const lookAtHead = { ...look, head, used };
  let isDone = true;
  let isAnyOvertaken = false;
  for (const sending of sendings) {
    sending.receipt = await receiptOf(provider, sending);
    if (sending.receipt) {
      if (sending.receipt.blockNumber + settings.confirmations - 1 > head.number) isDone = false;
      sending.overtaken = 0;
      continue;
    }
    isDone = false;
    if (used > sending.nonce) {
      if (await isOvertaken(lookAtHead, sending)) isAnyOvertaken = true;
      continue;
    }
    sending.overtaken = 0;
    await throwRefusal(lookAtHead, sending);
    await keepGoing(lookAtHead, sending);
  }
  if (isAnyOvertaken) return "overtaken";
  await fillGap(lookAtHead, sendings, gap);
  return isDone ? "mined" : "wait";
}

/**
 * Whether somebody else has used a sending's nonce. Only then may it get another one: with two it could be carried out
 * twice.
 */
async function isOvertaken({ provider, dependencies, settings, head }: LookAtHead, sending: Sending): Promise<boolean> {
  const nowMs = dependencies.clock.steadyMs();
  if (sending.overtaken === 0) sending.overtakenAtMs = nowMs;
  sending.overtaken++;
  if (sending.overtaken % PATIENCE !== 0) return false;
  const { nonce } = sending;
  const { address } = settings;
  const hashes = sending.attempts.map(({ hash }) => hash);
  const found = await nonceUser(provider, { address, nonce, hashes, head: head.number });
  if (found.user === "other") {
    await provider.confirmChain();
    sending.overtakenIn = found.block;
    return true;
  }
  if (nowMs - sending.overtakenAtMs < LONGEST_ABSENCE_MS) return false;
  throw new L1Error(
    L1ErrorCode.UNCERTAIN,
    `L1 counts nonce ${nonce} of ${address} as used, but has not shown for 10 minutes what became of the transaction ` +
      `${newest(sending).hash}: look it up before you send it again, and check the L1 endpoints (ETHEREUM_HOST)`,
    { transactionHash: newest(sending).hash, number: nonce },
  );
}

/** An endpoint may refuse what it has passed on: only what L1 does not know for some polls was refused. */
async function throwRefusal({ provider }: Look, sending: Sending): Promise<void> {
  const { refusal } = sending;
  if (refusal === undefined) return;
  for (const { hash } of sending.attempts)
    if (await isKnown(provider, hash)) {
      sending.refusal = undefined;
      return;
    }
  if (++refusal.polls >= PATIENCE) throw refusal.error;
}

/** What is not included in time, or needs more gas by now, offers more; what the pool lost is given to it again. */
async function keepGoing(look: LookAtHead, sending: Sending): Promise<void> {
  const { head, settings } = look;
  const isDearer = sending.seenAtHead !== head.hash && (await takeMoreGas(look, sending));
  if (isDearer || head.number >= sending.pricedAt + settings.bumpAfterBlocks) {
    await offerMore(look, sending);
    sending.seenAtHead = head.hash;
  } else if (sending.seenAtHead !== head.hash || ++sending.pollsSinceSeen >= POLLS_BETWEEN_LOOKS) {
    await keepInPool(look, sending);
    sending.seenAtHead = head.hash;
    sending.pollsSinceSeen = 0;
  }
}

/**
 * Below what waits, L1 counts on from a nonce that was used before: a reorg took it back, and most nodes do not return
 * such transactions to their pools. Until each nonce in between is used again, nothing of this key is included.
 */
async function fillGap(look: LookAtHead, sendings: readonly Sending[], gap: Gap): Promise<void> {
  const { used, head } = look;
  const lowest = Math.min(...sendings.filter(({ receipt }) => receipt === undefined).map(({ nonce }) => nonce));
  if (!(used < lowest) || lowest === Infinity) {
    gap.polls = 0;
    return;
  }
  if (++gap.polls < PATIENCE) return;
  for (let nonce = used; nonce < Math.min(lowest, used + MAX_FILLED); nonce++) {
    const filler = gap.fillers.get(nonce);
    if (filler === undefined) gap.fillers.set(nonce, await fillNonceGap(look, { nonce, head: head.number }));
    else await keepGoing(look, filler);
  }
}

async function receiptOf(provider: EndpointProvider, sending: Sending): Promise<Sending["receipt"]> {
  for (const attempt of [...sending.former, ...sending.attempts].toReversed()) {
    const receipt = await rawReceipt(provider, attempt.hash);
    if (receipt) return receipt;
  }
  return undefined;
}

/** Nodes do not bring back what a reorg removed, and a restarted one has an empty pool. */
async function keepInPool({ provider, dependencies: { logger } }: Look, sending: Sending): Promise<void> {
  const { hash } = newest(sending);
  if (await isKnown(provider, hash)) return;
  logger.verbose("the L1 transaction pool dropped a transaction: sending it again", { hash, nonce: sending.nonce });
  await handOut(provider, sending, newest(sending));
}

/** Whether an estimated gas limit no longer covers the call, as after a reorg; it then does from here on. */
async function takeMoreGas({ provider, dependencies, settings }: Look, sending: Sending): Promise<boolean> {
  if (!sending.estimated) return false;
  const needed = await estimateGas(provider, sending.request, settings.address).catch((error: unknown) => {
    if (isEndpointFailure(error)) throw error;
    // It reverts, as things are now: a larger limit would not help.
    return 0n;
  });
  if (needed <= sending.request.gasLimit) return false;
  sending.request = { ...sending.request, gasLimit: withMargin(needed, settings.gasMarginPercent) };
  dependencies.logger.verbose("an L1 transaction needs more gas than when it was sent: replacing it", {
    nonce: sending.nonce,
    gasLimit: sending.request.gasLimit,
  });
  return true;
}

async function offerMore(look: LookAtHead, sending: Sending): Promise<void> {
  const { provider, settings, head } = look;
  const { signer, logger } = look.dependencies;
  const { hash, fees } = newest(sending);
  // Once in `bumpAfterBlocks`, whatever comes of it.
  sending.pricedAt = head.number;
  const more = bumpedFees(fees, await marketFees(provider, settings, logger), settings);
  if (!more) {
    logger.warn("an L1 transaction is waiting and its fee is at the cap: raise L1_MAX_FEE_PER_GAS to get it included", {
      hash,
      nonce: sending.nonce,
      ...fees,
    });
    await keepInPool(look, sending);
    return;
  }
  const replacement = signTransaction(signer, sending.request, {
    chainId: settings.chainId,
    nonce: sending.nonce,
    fees: more,
  });
  // An underpriced one is remembered too, so that the next offer goes beyond it. A used nonce shows in the next poll.
  const result = await handOut(provider, sending, replacement);
  logger.verbose("an L1 transaction was not included in time: raising the fee", {
    hash,
    gasLimit: sending.request.gasLimit,
    replacement: replacement.hash,
    nonce: sending.nonce,
    result,
    ...more,
  });
}

function newest(sending: Sending): SignedTransaction {
  return sending.attempts.at(-1) as SignedTransaction;
}
