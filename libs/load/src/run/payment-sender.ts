import type { Clock, Logger, MayHaveRun, Payment, PreparedPayment, PreparingWallet, WalletAccount } from "@sprtn/ports";
import { codeOf, detailsOf, type EthAddress, messageOf } from "@sprtn/primitives";
import { isAbortError, OngoingTrouble, orAborted, randomBelow, type SeededRandom, sleep } from "@sprtn/runtime";
import { LoadErrorCode } from "../load-error.js";
import type { LoadKind } from "../report/load-report.js";
import type { LoadPayment } from "./load-payment.js";
import type { TxTracker } from "./tx-tracker.js";

export interface PaymentSenderDependencies {
  readonly wallet: PreparingWallet;
  readonly tracker: TxTracker;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: SeededRandom;
}

export interface PaymentSenderSettings {
  /** How long before they are due payments are made; 0: when they are due. */
  readonly aheadMs: number;
  /** Payments that are made at once. */
  readonly makers: number;
  /** Wei that payments are drawn from, 1 to this. */
  readonly maxAmount: bigint;
  readonly withdrawTo: EthAddress;
}

/** Codes of a wallet that has nothing free for a payment now, and may have later. */
const dry: ReadonlySet<string> = new Set([
  "WALLET_NOTES_IN_FLIGHT",
  "WALLET_INSUFFICIENT_NOTES",
  "WALLET_NOTES_FRAGMENTED",
  "WALLET_INSUFFICIENT_BALANCE",
]);
/** Made ahead at once: each holds its transaction, about 20 KB with a real proof. */
const MAX_PREPARED = 4_000;
/** Where nothing is free, blocks bring notes: they are looked at this often. */
const DRY_MS = 1_000;

/**
 * Makes payments ahead and sends each at its moment, whatever became of the ones before (an open loop). One that cannot
 * be made in time leaves as soon as it can, and its times count from the moment at which it was due.
 */
export class PaymentSender {
  readonly #dependencies: PaymentSenderDependencies;
  readonly #settings: PaymentSenderSettings;
  readonly #payments: readonly LoadPayment[];
  readonly #prepared = new Map<LoadPayment, PreparedPayment>();
  /** Those that were due when nothing was free, in order. */
  readonly #dry: LoadPayment[] = [];
  /** Those that have ever been among them. */
  readonly #foundNothing = new Set<LoadPayment>();
  /** Those whose moment came before they were made: they leave as soon as they are. */
  readonly #passed = new Set<LoadPayment>();
  readonly #sending = new Set<Promise<void>>();
  readonly #trouble = new OngoingTrouble();
  #next = 0;
  /** Whether something may be free for those that found nothing. */
  #mayRetry = false;
  /** Makers that wait. */
  readonly #resting = new Set<() => void>();

  constructor(
    dependencies: PaymentSenderDependencies,
    payments: readonly LoadPayment[],
    settings: PaymentSenderSettings,
  ) {
    this.#dependencies = dependencies;
    this.#payments = payments;
    this.#settings = settings;
  }

  /** Payments that nodes are about to answer. */
  get underWay(): number {
    return this.#sending.size;
  }

  /** Something may be free again: a block has come. */
  onBlock(): void {
    this.#mayRetry = true;
    for (const wake of this.#resting) wake();
  }

  /** Runs until every payment has left, or the signal fires; then those that did not leave are `unsent`. */
  async run(signal: AbortSignal): Promise<void> {
    const { makers } = this.#settings;
    const work = [this.#dispatch(signal), ...Array.from({ length: makers }, () => this.#make(signal))];
    const ends = await Promise.allSettled(work);
    for (const prepared of this.#prepared.values()) prepared.discard();
    this.#prepared.clear();
    await Promise.all(this.#sending);
    for (const payment of this.#payments)
      if (!payment.isSent)
        payment.failure ??= {
          what: "unsent",
          code: this.#foundNothing.has(payment) ? LoadErrorCode.NOTHING_TO_SPEND : LoadErrorCode.NOT_REACHED,
        };
    const failed = ends.find(end => end.status === "rejected" && !isAbortError(end.reason) && !signal.aborted);
    if (failed?.status === "rejected") throw failed.reason;
  }

  /** Each at its moment, if it is made. */
  async #dispatch(signal: AbortSignal): Promise<void> {
    const { clock } = this.#dependencies;
    for (const payment of this.#payments) {
      // Timers may be early by a part of a millisecond.
      for (let waitMs = payment.dueAt - clock.steadyMs(); waitMs > 0; waitMs = payment.dueAt - clock.steadyMs())
        await sleep(clock, Math.max(waitMs, 1), signal);
      const prepared = this.#prepared.get(payment);
      if (prepared === undefined) {
        this.#passed.add(payment);
        continue;
      }
      this.#prepared.delete(payment);
      this.#send(payment, prepared);
    }
  }

  async #make(signal: AbortSignal): Promise<void> {
    for (;;) {
      const payment = await this.#nextToMake(signal);
      if (payment === undefined) return;
      const prepared = await this.#prepare(payment, signal);
      if (prepared === "dry") {
        this.#dry.push(payment);
        this.#foundNothing.add(payment);
        this.#mayRetry = false;
      } else if (prepared !== undefined) {
        // Its moment may have passed meanwhile, or have come a little early.
        if (this.#passed.has(payment)) this.#send(payment, prepared);
        else this.#prepared.set(payment, prepared);
      }
    }
  }

  /** Waits for one that it is time to make; `undefined` when there is none any more. */
  async #nextToMake(signal: AbortSignal): Promise<LoadPayment | undefined> {
    const { clock } = this.#dependencies;
    for (;;) {
      signal.throwIfAborted();
      const again = this.#mayRetry ? this.#dry.shift() : undefined;
      if (again !== undefined) return again;
      const payment = this.#payments[this.#next];
      if (payment === undefined && this.#dry.length === 0) return undefined;
      const waitMs = payment === undefined ? DRY_MS : payment.dueAt - this.#settings.aheadMs - clock.steadyMs();
      if (payment !== undefined && waitMs <= 0 && this.#prepared.size < MAX_PREPARED) {
        this.#next += 1;
        return payment;
      }
      await this.#rest(Math.min(Math.max(waitMs, 1), DRY_MS), signal);
      this.#mayRetry = true;
    }
  }

  /** `undefined` for one that cannot be made: it has failed. */
  async #prepare(payment: LoadPayment, signal: AbortSignal): Promise<PreparedPayment | "dry" | undefined> {
    const { wallet, logger } = this.#dependencies;
    const accounts = wallet.accounts();
    const { kind, account } = payment.arrival;
    let isDry = false;
    for (let turn = 0; turn < accounts.length; turn++) {
      const from = accounts[(account + turn) % accounts.length] as WalletAccount;
      const to = accounts[(account + turn + 1) % accounts.length] as WalletAccount;
      if ((kind === "private" || kind === "unshield") && wallet.spendableNotes(from.index) === 0) {
        isDry = true;
        continue;
      }
      try {
        const making = wallet.prepare(this.#payment(kind, from, to), signal);
        // What is made after the end holds notes of a wallet that may go on.
        void making.then(late => signal.aborted && late.discard()).catch(() => {});
        const prepared = await orAborted(making, { what: "making a payment", signal });
        payment.hash = prepared.hash;
        return prepared;
      } catch (error) {
        if (isAbortError(error)) throw error;
        const code = codeOf(error);
        if (dry.has(code)) {
          isDry = true;
          continue;
        }
        payment.failure = { what: "unsent", code };
        if (this.#trouble.isNew(code)) logger.warn("a payment could not be made", { code, reason: messageOf(error) });
        return undefined;
      }
    }
    return isDry ? "dry" : undefined;
  }

  #payment(kind: LoadKind, from: WalletAccount, next: WalletAccount): Payment {
    const { maxAmount, withdrawTo } = this.#settings;
    const { random } = this.#dependencies;
    const amount = 1n + BigInt(randomBelow(random, Number(maxAmount)));
    // Load needs its notes at once, and they have no privacy to protect.
    const terms = { from: from.index, amount, anchor: "newest" as const };
    switch (kind) {
      case "private":
        return { ...terms, kind, to: next.paymentAddress };
      case "transfer":
        return { ...terms, kind, to: next.address };
      case "shield":
        return { ...terms, kind, to: from.paymentAddress, notes: 1 };
      case "unshield":
        return { ...terms, kind, to: from.address };
      case "withdraw":
        return { ...terms, kind, to: withdrawTo };
    }
  }

  #send(payment: LoadPayment, prepared: PreparedPayment): void {
    const { clock, tracker } = this.#dependencies;
    const work = prepared
      .send(hash => {
        tracker.track(hash, payment);
        payment.left(clock.steadyMs());
      })
      .then(() => payment.accepted(clock.steadyMs()))
      .catch((error: unknown) => {
        const code = codeOf(error);
        if ((detailsOf(error) as Partial<MayHaveRun>).mayHaveRun) {
          // Blocks tell whether it arrived, or its receipt.
          payment.unanswered = code;
          return;
        }
        tracker.forget(prepared.hash);
        payment.failure = { what: "refused", code };
      })
      .finally(() => this.#sending.delete(work));
    this.#sending.add(work);
  }

  /** Until a block comes, at most `ms`. */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#resting.add(wake);
    try {
      await sleep(this.#dependencies.clock, ms, AbortSignal.any([signal, woken.signal]));
    } catch (error) {
      if (signal.aborted) throw error;
    } finally {
      this.#resting.delete(wake);
    }
  }
}
