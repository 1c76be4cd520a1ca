import type { Clock, L1Funding, Logger, MayHaveRun, Payment, PreparingWallet, WalletAccount } from "@sprtn/ports";
import { codeOf, detailsOf, type Field, messageOf } from "@sprtn/primitives";
import { isAbortError, RuntimeError, RuntimeErrorCode, sleep, withTimeout } from "@sprtn/runtime";
import { LoadError, LoadErrorCode } from "../load-error.js";
import type { TxTracker } from "../run/tx-tracker.js";
import type { FundingGoal } from "./plan-funding.js";

export interface FundAccountsDependencies {
  readonly wallet: PreparingWallet;
  readonly l1: L1Funding;
  readonly tracker: TxTracker;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether a transaction that is in no block will be in none. */
  readonly isGone: (hash: Field) => Promise<boolean>;
}

/** What funding took. */
export interface FundingReport {
  readonly ms: number;
  readonly deposits: number;
  readonly txs: number;
  readonly notes: number;
}

/** Transactions on their way to nodes at once. */
const AT_ONCE = 16;
/** Until a deposit, and then a round of payments, is in a block. */
const STEP_MS = 600_000;
const LOOK_MS = 500;
/** Rounds after which it is given up: what a node refuses or drops is made again in the next one. */
const ROUNDS = 5;

/**
 * One deposit from L1 to the first account, which then pays all others and makes everybody's notes: all of it in as few
 * blocks as it fits into.
 * @throws LoadError NOT_FUNDED; what the wallet throws; RUNTIME_ABORTED
 */
export async function fundAccounts(
  dependencies: FundAccountsDependencies,
  goal: FundingGoal,
  signal: AbortSignal,
): Promise<FundingReport> {
  const { wallet, clock, logger } = dependencies;
  const startMs = clock.steadyMs();
  const accounts = wallet.accounts();
  const [first] = accounts as readonly [WalletAccount, ...WalletAccount[]];
  await wallet.sync(signal);
  let deposits = 0;
  let txs = 0;
  for (let round = 0; ; round++) {
    const missing = await missingPayments(wallet, goal);
    const own = (await wallet.balance(first.index)).public;
    const due = missing.reduce((sum, payment) => sum + payment.amount + goal.noteValue, goal.public);
    if (missing.length === 0 && own >= goal.public)
      return { ms: clock.steadyMs() - startMs, deposits, txs, notes: goal.notes * accounts.length };
    if (round === ROUNDS)
      throw new LoadError(
        LoadErrorCode.NOT_FUNDED,
        `the accounts could not be funded in ${ROUNDS} rounds: look at the nodes' logs for why they drop or refuse ` +
          "payments, or ask for fewer wallets or a lower rate",
      );
    if (own < due) {
      logger.info("funding: one deposit from L1 pays for all accounts", { accounts: accounts.length });
      await deposit(dependencies, { recipient: first.address, amount: due - own }, signal);
      deposits += 1;
      txs += 1;
    }
    logger.info("funding: accounts and notes are paid for", { payments: missing.length });
    txs += await payAll(dependencies, missing, signal);
    await wallet.sync(signal);
  }
}

/** From the first account: what others lack, and the notes that anybody lacks, two a payment. */
async function missingPayments(wallet: PreparingWallet, goal: FundingGoal): Promise<Payment[]> {
  const payments: Payment[] = [];
  const [first, ...others] = wallet.accounts() as readonly [WalletAccount, ...WalletAccount[]];
  for (const account of [first, ...others]) {
    const balance = await wallet.balance(account.index);
    const good = balance.spendable.filter(value => value >= goal.noteValue / 2n).length;
    for (let lacking = goal.notes - good; lacking > 0; lacking -= 2)
      payments.push({
        kind: "shield",
        from: first.index,
        to: account.paymentAddress,
        amount: 2n * goal.noteValue,
        notes: 2,
      });
    if (account !== first && balance.public < goal.public)
      payments.push({ kind: "transfer", from: first.index, to: account.address, amount: goal.public - balance.public });
  }
  return payments;
}

async function deposit(
  { wallet, l1, clock }: FundAccountsDependencies,
  { recipient, amount }: { readonly recipient: Field; readonly amount: bigint },
  signal: AbortSignal,
): Promise<void> {
  const secretHash = await wallet.newDepositSecret();
  const message = await l1.deposit({ recipient, amount, secretHash }, signal);
  await inTime("the claim of the deposit", { clock, signal }, async inner => {
    const hash = await wallet.claimDeposit(message, inner);
    for await (const { stage, code } of wallet.watch(hash, inner)) {
      if (stage === "dropped")
        throw new LoadError(
          LoadErrorCode.NOT_FUNDED,
          `a node dropped the claim of the deposit (${code}): try again, or look at its log`,
          { what: String(code) },
        );
      if (stage === "pending" || stage === "proven" || stage === "finalized") break;
    }
    await wallet.sync(inner);
  });
}

/** Makes and sends them, and waits until each is in a block or dropped. Resolves with how many left. */
async function payAll(
  { wallet, tracker, clock, logger, isGone }: FundAccountsDependencies,
  payments: readonly Payment[],
  signal: AbortSignal,
): Promise<number> {
  const open = new Set<Field>();
  const queue = [...payments];
  let left = 0;
  const refusals = new Map<string, string>();
  const sendNext = async (): Promise<void> => {
    for (let payment = queue.shift(); payment !== undefined; payment = queue.shift()) {
      let hash: Field | undefined;
      try {
        const prepared = await wallet.prepare(payment, signal);
        hash = prepared.hash;
        open.add(hash);
        const sent = hash;
        tracker.track(sent, {
          onStage: stage => void (stage === "pending" && open.delete(sent)),
          onRemoved: () => void open.add(sent),
        });
        await prepared.send();
        left += 1;
      } catch (error) {
        if (isAbortError(error)) throw error;
        if (hash !== undefined && (detailsOf(error) as Partial<MayHaveRun>).mayHaveRun) continue;
        if (hash !== undefined) {
          open.delete(hash);
          tracker.forget(hash);
        }
        refusals.set(codeOf(error), messageOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
  for (const [code, reason] of refusals)
    logger.warn("funding: a payment was refused; it is made again", { code, reason });
  await inTime("funding the accounts", { clock, signal }, async inner => {
    for (let looks = 1; open.size > 0; looks++) {
      await sleep(clock, LOOK_MS, inner);
      if (looks % 60 !== 0) continue;
      for (const hash of [...open]) {
        if (!(await isGone(hash))) continue;
        open.delete(hash);
        tracker.forget(hash);
      }
    }
  });
  return left;
}

async function inTime(
  what: string,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  try {
    await withTimeout({ clock, timeoutMs: STEP_MS, what, signal }, work);
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.code !== RuntimeErrorCode.TIMEOUT) throw error;
    throw new LoadError(
      LoadErrorCode.NOT_FUNDED,
      `${what} took more than ${STEP_MS / 60_000} minutes: check that the network makes blocks with transactions`,
      { what },
      { cause: error },
    );
  }
}
