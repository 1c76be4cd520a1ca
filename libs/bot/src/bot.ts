import { codeOf, type EthAddress } from "@sprtn/primitives";
import type { Clock, L1Funding, Logger, Meter, PaymentWallet, Random, Service } from "@sprtn/ports";
import { isAbortError, Loop, RuntimeError, RuntimeErrorCode, sleep } from "@sprtn/runtime";
import { type BotMetrics, botMetrics } from "./bot-metrics.js";
import { type BotReport, type Outcome, Tally } from "./bot-report.js";
import { choosePayment } from "./choose-payment.js";
import { type FollowedStage, followTx } from "./follow-tx.js";
import { FundKeeper, type FundSettings } from "./keep-funded.js";
import { drawKind, needsNotes, type PaymentKind, type PaymentMix } from "./payment-mix.js";
import { checkSchedule, rateAt, type RatePhase, sendTimes } from "./schedule.js";

export interface BotDependencies {
  readonly wallet: PaymentWallet;
  /** Pays for the accounts on L1; without it they have to be funded from outside. */
  readonly funding?: L1Funding | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly meter: Meter;
}

export interface BotSettings extends FundSettings {
  readonly schedule: readonly RatePhase[];
  readonly mix: PaymentMix;
  readonly followStage: FollowedStage;
  /** After this a payment counts as lost. */
  readonly followTimeoutMs: number;
  /** Payments under way at once; what comes due beyond is skipped. */
  readonly maxPending: number;
  /** Payments are drawn from 1 wei to this. */
  readonly maxAmount: bigint;
  readonly withdrawTo: EthAddress;
  /** How often blocks are read and balances looked at. */
  readonly checkMs: number;
}

/**
 * Load by schedule: keeps its accounts funded, pays between them, follows each payment, and adds up what became of
 * them.
 */
export class Bot implements Service {
  readonly #dependencies: BotDependencies;
  readonly #settings: BotSettings;
  readonly #metrics: BotMetrics;
  readonly #tally = new Tally();
  readonly #funds: FundKeeper;
  readonly #checks: Loop;
  readonly #pending = new Set<Promise<void>>();
  readonly #finished = Promise.withResolvers<BotReport>();
  #turn = 0;
  #controller: AbortController | undefined;
  #run: Promise<void> | undefined;

  /** @throws BotError BAD_SCHEDULE */
  constructor(dependencies: BotDependencies, settings: BotSettings) {
    checkSchedule(settings.schedule);
    const { wallet, funding, clock, logger, meter } = dependencies;
    this.#dependencies = dependencies;
    this.#settings = { ...settings, notesPerAccount: needsNotes(settings.mix) ? settings.notesPerAccount : 0 };
    this.#metrics = botMetrics(meter);
    const onTopUp = () => {
      this.#tally.topUps += 1;
      this.#metrics.topUps.add(1);
    };
    this.#funds = new FundKeeper({ wallet, funding, clock, logger, onTopUp }, this.#settings);
    this.#checks = new Loop(
      {
        clock,
        step: signal => this.#funds.check(signal),
        onError: error => logger.warn("the bot could not look at its accounts", { error }),
      },
      { intervalMs: settings.checkMs },
    );
  }

  /** Resolves at once: funding and sending go on in the background. */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#controller !== undefined)
      throw new RuntimeError(RuntimeErrorCode.ALREADY_STARTED, "the bot runs already: make another", { what: "bot" });
    this.#controller = new AbortController();
    const own = AbortSignal.any([signal, this.#controller.signal]);
    await this.#checks.start(own);
    this.#run = this.#send(own).catch((error: unknown) => {
      if (!isAbortError(error)) this.#dependencies.logger.error("the bot stopped sending", { error });
    });
  }

  /** Resolves when nothing is under way any more; payments not followed to their end count as unfinished. */
  async stop(): Promise<void> {
    this.#controller?.abort();
    await this.#checks.stop();
    await this.#run;
    await Promise.all(this.#pending);
    await this.#funds.settled();
    this.#finished.resolve(this.report());
  }

  /** What has happened so far. */
  report(): BotReport {
    return this.#tally.report();
  }

  /** The report once the schedule is through and every payment followed, or the bot stopped. */
  finished(): Promise<BotReport> {
    return this.#finished.promise;
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#dependencies;
    const { schedule, checkMs } = this.#settings;
    while (!this.#funds.ready()) await sleep(clock, checkMs, signal);
    logger.info("the bot's accounts are funded, it begins to send", {
      accounts: this.#dependencies.wallet.accounts().length,
    });
    const startMs = clock.nowMs();
    for (const atMs of sendTimes(schedule)) {
      const waitMs = startMs + atMs - clock.nowMs();
      if (waitMs > 0) await sleep(clock, waitMs, signal);
      this.#metrics.targetRate.set(rateAt(schedule, atMs));
      this.#begin(signal);
    }
    this.#metrics.targetRate.set(0);
    await Promise.all(this.#pending);
    logger.info("the bot has been through its schedule", { ...this.report().totals });
    this.#finished.resolve(this.report());
  }

  #begin(signal: AbortSignal): void {
    this.#tally.due += 1;
    const kind = drawKind(this.#settings.mix, this.#dependencies.random);
    if (this.#pending.size >= this.#settings.maxPending) return this.#end(kind, "skipped", "BOT_TOO_MANY_PENDING");
    const work = this.#pay(kind, signal).finally(() => {
      this.#pending.delete(work);
      this.#metrics.pending.set(this.#pending.size);
    });
    this.#pending.add(work);
    this.#metrics.pending.set(this.#pending.size);
  }

  /** One payment from beginning to end; it never rejects. */
  async #pay(kind: PaymentKind, signal: AbortSignal): Promise<void> {
    const { wallet, clock, random } = this.#dependencies;
    const { maxAmount, withdrawTo, followStage, followTimeoutMs, publicFloor } = this.#settings;
    // An account below its floor still pays while it waits for its top-up.
    const funded = (account: number) => this.#funds.funded(account, publicFloor / 4n + maxAmount);
    const payment = choosePayment({ wallet, random, maxAmount, withdrawTo, funded }, kind, this.#turn++);
    if (payment === undefined) return this.#end(kind, "skipped", "BOT_NO_FUNDED_ACCOUNT");
    const startMs = clock.nowMs();
    try {
      const hash = await wallet.pay(payment, signal);
      this.#tally.sent += 1;
      const onStage = (stage: Parameters<Tally["reached"]>[0]) => {
        this.#tally.reached(stage, clock.nowMs() - startMs);
        this.#metrics.stageSeconds.observe((clock.nowMs() - startMs) / 1000, { kind, stage });
      };
      const followed = await followTx(hash, {
        wallet,
        clock,
        until: followStage,
        timeoutMs: followTimeoutMs,
        signal,
        onStage,
      });
      this.#end(kind, followed.outcome, followed.outcome === "dropped" ? followed.code : undefined);
    } catch (error) {
      if (isAbortError(error)) return this.#end(kind, "unfinished");
      this.#dependencies.logger.verbose("a payment of the bot's was refused", { kind, error });
      this.#end(kind, "refused", codeOf(error));
    }
  }

  #end(kind: PaymentKind, outcome: Outcome, code?: string): void {
    this.#tally.ended(kind, outcome, code);
    this.#metrics.txs.add(1, { kind, outcome });
  }
}
