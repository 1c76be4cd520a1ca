import { codeOf, detailsOf, type EthAddress, type Field } from "@sprtn/primitives";
import type {
  Clock,
  KvStore,
  L1Funding,
  Logger,
  MayHaveRun,
  Meter,
  Payment,
  PaymentWallet,
  Random,
  Service,
} from "@sprtn/ports";
import { isAbortError, Loop, RuntimeError, RuntimeErrorCode, sleep } from "@sprtn/runtime";
import { type BotMetrics, botMetrics } from "./bot-metrics.js";
import { type BotReport, type Outcome, reportLine, Tally } from "./bot-report.js";
import { choosePayment } from "./choose-payment.js";
import { DepositJournal } from "./deposit-journal.js";
import { type FollowedStage, followTx } from "./follow-tx.js";
import { FundKeeper, type FundSettings } from "./keep-funded.js";
import { drawKind, needsNotes, type PaymentKind, type PaymentMix } from "./payment-mix.js";
import { checkSchedule, rateAt, type RatePhase, sendTimes } from "./schedule.js";

/** What the bot pays with, and how it is funded. */
export interface BotDependencies {
  readonly wallet: PaymentWallet;
  /** Pays for the accounts on L1; without it they have to be funded from outside. */
  readonly funding?: L1Funding | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly meter: Meter;
  /** Keeps deposits until they are claimed; without it those that the bot dies over stay behind. */
  readonly store?: KvStore | undefined;
}

/** How often the figures are reported. */
const REPORT_MS = 30_000;

/** What the bot sends, how fast, and how long it waits for each payment. */
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
  readonly #reports: Loop;
  readonly #pending = new Set<Promise<void>>();
  readonly #finished = Promise.withResolvers<BotReport>();
  #turn = 0;
  #controller: AbortController | undefined;
  #run: Promise<void> | undefined;

  /** @throws BotError BAD_SCHEDULE */
  constructor(dependencies: BotDependencies, settings: BotSettings) {
    checkSchedule(settings.schedule);
    const { wallet, funding, clock, logger, meter, store } = dependencies;
    this.#dependencies = dependencies;
    this.#settings = { ...settings, notesPerAccount: needsNotes(settings.mix) ? settings.notesPerAccount : 0 };
    this.#metrics = botMetrics(meter);
    const onTopUp = () => {
      this.#tally.topUps += 1;
      this.#metrics.topUps.add(1);
    };
    const journal = new DepositJournal({ store, logger });
    this.#funds = new FundKeeper({ wallet, funding, clock, logger, journal, onTopUp }, this.#settings);
    this.#reports = new Loop(
      {
        clock,
        step: async () => logger.info(reportLine(this.report(), settings.followStage)),
        onError: error => logger.warn("the bot could not report its figures", { error }),
      },
      { intervalMs: REPORT_MS, firstStep: "after-interval" },
    );
    this.#checks = new Loop(
      {
        clock,
        step: signal => this.#funds.check(signal),
        onError: error => logger.warn("the bot could not check its accounts", { error }),
      },
      { intervalMs: settings.checkMs },
    );
  }

  /** Resolves at once: funding and sending continue in the background. */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#controller !== undefined)
      throw new RuntimeError(RuntimeErrorCode.ALREADY_STARTED, "the bot is already running: create another one", {
        what: "bot",
      });
    this.#controller = new AbortController();
    const own = AbortSignal.any([signal, this.#controller.signal]);
    await this.#checks.start(own);
    await this.#reports.start(own);
    this.#run = this.#send(own).catch((error: unknown) => {
      if (!isAbortError(error)) this.#dependencies.logger.error("the bot stopped sending", { error });
    });
  }

  /** Resolves when nothing is under way any more; payments not followed to their end count as open. */
  async stop(): Promise<void> {
    this.#controller?.abort();
    await this.#checks.stop();
    await this.#reports.stop();
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
    for (let told = false; !this.#funds.ready();) {
      if (!told && this.#funds.looked()) {
        logger.info("the bot waits for its first deposits from L1 and its notes: sending begins once blocks hold them");
        told = true;
      }
      await sleep(clock, checkMs, signal);
    }
    logger.info("the bot's accounts are funded: sending begins", {
      accounts: this.#dependencies.wallet.accounts().length,
    });
    const startMs = clock.steadyMs();
    for (const atMs of sendTimes(schedule)) {
      const waitMs = startMs + atMs - clock.steadyMs();
      if (waitMs > 0) await sleep(clock, waitMs, signal);
      this.#metrics.targetRate.set(rateAt(schedule, atMs));
      this.#begin(signal);
    }
    this.#metrics.targetRate.set(0);
    await Promise.all(this.#pending);
    logger.info("the bot has finished its schedule", { ...this.report().totals });
    this.#finished.resolve(this.report());
  }

  #begin(signal: AbortSignal): void {
    const kind = drawKind(this.#settings.mix, this.#dependencies.random);
    this.#tally.due(kind);
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
    const startMs = clock.steadyMs();
    const onStage = (stage: Parameters<Tally["reached"]>[0]) => {
      this.#tally.reached(stage, clock.steadyMs() - startMs);
      this.#metrics.stageSeconds.observe((clock.steadyMs() - startMs) / 1000, { kind, stage });
    };
    try {
      const hash = await this.#submit(kind, payment, signal);
      if (hash === undefined) return;
      const follow = { wallet, clock, until: followStage, timeoutMs: followTimeoutMs, signal, onStage };
      const followed = await followTx(hash, follow);
      this.#end(kind, followed.outcome, followed.outcome === "dropped" ? followed.code : undefined);
    } catch (error) {
      if (!isAbortError(error)) this.#dependencies.logger.warn("the bot could not follow a payment", { kind, error });
      this.#end(kind, "unfinished");
    }
  }

  /** The hash of what a node has taken, or may have; `undefined` for what has ended here. @throws RUNTIME_ABORTED */
  async #submit(kind: PaymentKind, payment: Payment, signal: AbortSignal): Promise<Field | undefined> {
    const { wallet, logger } = this.#dependencies;
    let sending: Field | undefined;
    try {
      return await wallet.pay(payment, signal, hash => (sending = hash));
    } catch (error) {
      if (isAbortError(error)) throw error;
      const code = codeOf(error);
      if (sending !== undefined && (detailsOf(error) as Partial<MayHaveRun>).mayHaveRun) {
        logger.verbose("a node did not answer: following the payment by its hash", { kind, code });
        return sending;
      }
      logger.verbose("a payment by the bot was refused", { kind, code, error });
      this.#end(kind, sending === undefined ? "unmade" : "refused", code);
      return undefined;
    }
  }

  #end(kind: PaymentKind, outcome: Outcome, code?: string): void {
    this.#tally.ended(kind, outcome, code);
    this.#metrics.txs.add(1, { kind, outcome });
  }
}
