import type {
  AccountIndex,
  Clock,
  FundingMessage,
  L1Funding,
  Logger,
  PaymentWallet,
  WalletAccount,
  WalletBalance,
} from "@sprtn/ports";
import { codeOf, type Field, messageOf } from "@sprtn/primitives";
import { isAbortError, OngoingTrouble } from "@sprtn/runtime";
import { BotError, BotErrorCode } from "./bot-error.js";
import type { DepositJournal } from "./deposit-journal.js";
import { type Followed, followTx } from "./follow-tx.js";

export interface KeepFundedDependencies {
  readonly wallet: PaymentWallet;
  /** Without it, accounts have to be funded from outside. */
  readonly funding: L1Funding | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: DepositJournal;
  onTopUp(): void;
}

export interface FundSettings {
  /** Wei of public balance below which an account is topped up. */
  readonly publicFloor: bigint;
  /** Wei that it is topped up with. */
  readonly topUp: bigint;
  /** Notes that every account keeps, 0 for none: as many private payments can be under way at once. */
  readonly notesPerAccount: number;
  /** Wei of a new note. */
  readonly noteValue: bigint;
  /** How long one of its deposits or shields may take to get into a block. */
  readonly settleTimeoutMs: number;
}

/** Codes of claims that cannot succeed later: the deposit was claimed before, or is another wallet's. */
const unclaimable: ReadonlySet<string> = new Set(["TX_NULLIFIER_USED", "WALLET_UNKNOWN_DEPOSIT"]);

/** The code of a claim whose deposit the node does not see on L1: not yet, or an L1 reorg has taken it. */
const ABSENT = "TX_MESSAGE_ABSENT";
/** How long a node that is in sync with L1 may lack it before it counts as gone. */
const ABSENT_MS = 300_000;

/**
 * Keeps every account in funds: deposits from L1 when its balance is low, shields when it has too few or too small
 * notes. What it starts continues in the background.
 */
export class FundKeeper {
  readonly #balances = new Map<AccountIndex, WalletBalance>();
  /** Work under way, by what it is for. */
  readonly #working = new Map<string, Promise<void>>();
  /** L1 transactions go one after another. */
  #lastDeposit: Promise<unknown> = Promise.resolve();
  /** What keeps work from its end, by what it is for. */
  readonly #troubles = new Map<string, OngoingTrouble>();
  /** Since when deposits are not on L1, by message, ms. */
  readonly #absent = new Map<Field, number>();
  /** L1's refusal of deposits. */
  readonly #refusal = new OngoingTrouble();

  readonly #dependencies: KeepFundedDependencies;

  constructor(
    dependencies: KeepFundedDependencies,
    private readonly settings: FundSettings,
  ) {
    this.#dependencies = dependencies;
  }

  /** One round: reads all balances and starts what is missing. */
  async check(signal: AbortSignal): Promise<void> {
    const { wallet } = this.#dependencies;
    await wallet.sync(signal);
    for (const account of wallet.accounts()) {
      const balance = await wallet.balance(account.index);
      this.#balances.set(account.index, balance);
      const unclaimed = await this.#dependencies.journal.openFor(account.address);
      // What was under way has just ended with it, and would begin again.
      if (signal.aborted) return;
      if (balance.public < this.settings.publicFloor || unclaimed.length > 0)
        this.#start(`top-up/${account.index}`, () => this.#topUp(account, signal));
      else if (this.#lacksNotes(balance))
        this.#start(`split/${account.index}`, () => this.#split(account, balance, signal));
    }
  }

  /** Whether the account could pay `wei` when it was last looked at. */
  funded(account: AccountIndex, wei: bigint): boolean {
    return (this.#balances.get(account)?.public ?? 0n) >= wei;
  }

  /** Whether it knows what each account has. */
  looked(): boolean {
    return this.#dependencies.wallet.accounts().every(({ index }) => this.#balances.has(index));
  }

  /** Whether every account has what it should. */
  ready(): boolean {
    return this.#dependencies.wallet.accounts().every(({ index }) => {
      const balance = this.#balances.get(index);
      return balance !== undefined && balance.public >= this.settings.publicFloor && !this.#lacksNotes(balance);
    });
  }

  /** Resolves when nothing that it started is still running. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working.values());
  }

  #lacksNotes({ notes, private: wei }: WalletBalance): boolean {
    const { notesPerAccount, noteValue } = this.settings;
    // Fees eat notes: half their first value is as bad as too few.
    return notes < notesPerAccount || 2n * wei < BigInt(notesPerAccount) * noteValue;
  }

  #start(name: string, work: () => Promise<void>): void {
    if (this.#working.has(name)) return;
    const run = work()
      .then(() => void this.#troubles.delete(name))
      .catch((error: unknown) => {
        if (!isAbortError(error) && !isDepositRefusal(error)) this.#tell(name, error);
      })
      .finally(() => this.#working.delete(name));
    this.#working.set(name, run);
  }

  /** It is tried again every few seconds: once for each reason is enough. */
  #tell(work: string, error: unknown): void {
    const { logger } = this.#dependencies;
    const trouble = this.#troubles.get(work) ?? new OngoingTrouble();
    this.#troubles.set(work, trouble);
    if (trouble.isNew(codeOf(error)))
      logger.warn("the bot could not fund an account; it will try again", { work, error });
    else logger.debug("an account could not be funded again", { work, error });
  }

  /** Claims the deposits of an earlier round or run; makes a new deposit if there is none. */
  async #topUp({ index, address }: WalletAccount, signal: AbortSignal): Promise<void> {
    const { wallet, funding, journal } = this.#dependencies;
    const open = await journal.openFor(address);
    for (const message of open) await this.#claim(message, signal);
    if (open.length > 0) return;
    if (funding === undefined)
      throw new BotError(
        BotErrorCode.NO_FUNDING,
        `account ${index} is low on funds and the bot has no L1 account to fund it from: send L2-AZT to it`,
        { account: index },
      );
    const secretHash = await wallet.newDepositSecret();
    const request = { recipient: address, amount: this.settings.topUp, secretHash };
    const deposit = this.#lastDeposit.then(() => this.#deposit(funding, request, signal));
    this.#lastDeposit = deposit.catch(() => undefined);
    const message = await deposit;
    await journal.put(message);
    await this.#claim(message, signal);
  }

  /** Accounts wait for L1 together: the log says once that L1 refuses deposits, and once that it accepts them again. */
  async #deposit(
    funding: L1Funding,
    request: Parameters<L1Funding["deposit"]>[0],
    signal: AbortSignal,
  ): Promise<FundingMessage> {
    const { logger } = this.#dependencies;
    try {
      const message = await funding.deposit(request, signal);
      const ended = this.#refusal.end();
      if (ended !== undefined) logger.info("L1 accepts the bot's deposits again", { code: ended });
      return message;
    } catch (error) {
      if (isAbortError(error)) throw error;
      const fields = { code: codeOf(error), reason: messageOf(error) };
      if (this.#refusal.isNew(fields.code))
        logger.warn("L1 does not accept the bot's deposits; it will try again", fields);
      else logger.debug("a deposit failed again", fields);
      throw new BotError(
        BotErrorCode.DEPOSIT_REFUSED,
        "L1 does not accept the deposit: see the log for the reason; the bot will try again",
        {},
        { cause: error },
      );
    }
  }

  async #claim(message: FundingMessage, signal: AbortSignal): Promise<void> {
    const { wallet, journal, onTopUp, logger } = this.#dependencies;
    try {
      await this.#settle(await wallet.claimDeposit(message, signal), "deposit", signal);
      onTopUp();
    } catch (error) {
      if (!unclaimable.has(codeOf(error)) && !this.#isGone(message, error)) throw error;
      logger.warn("a saved deposit can no longer be claimed: forgetting it", { code: codeOf(error), error });
    }
    this.#absent.delete(message.messageHash);
    await journal.remove(message);
  }

  /** Whether L1 has lacked the deposit for so long that it will not come back. */
  #isGone({ messageHash }: FundingMessage, error: unknown): boolean {
    if (codeOf(error) !== ABSENT) return false;
    const nowMs = this.#dependencies.clock.steadyMs();
    const sinceMs = this.#absent.get(messageHash) ?? nowMs;
    this.#absent.set(messageHash, sinceMs);
    return nowMs - sinceMs >= ABSENT_MS;
  }

  /** Two notes a shield, as many as are missing, within what the balance allows. */
  async #split(account: WalletAccount, balance: WalletBalance, signal: AbortSignal): Promise<void> {
    const { wallet } = this.#dependencies;
    const { notesPerAccount, noteValue } = this.settings;
    const missing = Math.max(notesPerAccount - balance.notes, notesPerAccount - Number(balance.private / noteValue));
    const affordable = Number((balance.public - this.settings.publicFloor) / (2n * noteValue));
    const shields = Math.min(Math.ceil(missing / 2), affordable);
    if (shields === 0) return this.#topUp(account, signal);
    const hashes: Field[] = [];
    for (let i = 0; i < shields; i++)
      hashes.push(
        await wallet.pay(
          { kind: "shield", from: account.index, to: account.paymentAddress, amount: 2n * noteValue, notes: 2 },
          signal,
        ),
      );
    await Promise.all(hashes.map(hash => this.#settle(hash, "shield", signal)));
  }

  /** Waits until it is in a block and the wallet has seen it, so that the next round does not start it again. */
  async #settle(hash: Field, what: string, signal: AbortSignal): Promise<void> {
    const { wallet, clock } = this.#dependencies;
    const followed = await followTx(hash, {
      wallet,
      clock,
      until: "pending",
      timeoutMs: this.settings.settleTimeoutMs,
      signal,
    });
    if (followed.outcome !== "reached")
      throw new BotError(
        BotErrorCode.HOUSEKEEPING_FAILED,
        `the bot's own ${what} failed (${endingOf(followed)}): it will be tried again`,
        { what, outcome: followed.outcome, ...("code" in followed ? { reason: followed.code } : {}) },
      );
    await wallet.sync(signal);
  }
}

/** For people, with the code for which a node dropped it. */
function endingOf(followed: Followed): string {
  if (followed.outcome === "dropped") return `dropped by the node: ${followed.code}`;
  return followed.outcome === "lost" ? "in no block in time" : "reverted";
}

/** It was told where it was seen. */
function isDepositRefusal(error: unknown): boolean {
  return codeOf(error) === BotErrorCode.DEPOSIT_REFUSED;
}
