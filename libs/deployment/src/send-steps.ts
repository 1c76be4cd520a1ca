import type { Clock, Logger } from "@sprtn/ports";
import { EthAddress, messageOf } from "@sprtn/primitives";
import { sleep } from "@sprtn/runtime";
import { getCreateAddress, Transaction } from "ethers";
import type { DeployerAccount } from "./deployer-account.js";
import { DeploymentError, DeploymentErrorCode } from "./deployment-error.js";
import type { Journal, JournalContent, JournalEntry } from "./journal.js";
import { type L1Requests, numberOf } from "./l1-requests.js";
import { isOwnUse } from "./nonce-user.js";
import { shownRevert } from "./shown-revert.js";
import type { AddressOf, PlannedStep } from "./planned-step.js";

export interface SendStepsDependencies {
  readonly l1: L1Requests;
  readonly account: DeployerAccount;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface SendStepsSettings {
  readonly pollingIntervalMs: number;
  readonly signal: AbortSignal | undefined;
}

/** How often new nonces are assigned because something else used them. */
const MAX_PLANS = 5;
/** L1 blocks without progress after which the transactions offer more. */
const PATIENCE_BLOCKS = 3;
/**
 * Polls without progress after which the pool is asked whether it still holds them: a chain that mines on demand brings
 * no blocks.
 */
const PATIENCE_POLLS = 20;

/** Polls for which L1 may count a transaction without its receipt; after the first few, its blocks say whose it is. */
const RECEIPT_POLLS = 240;
const LAG_POLLS = 3;

/**
 * Brings every step onto L1, all at once with nonces in a row. What L1 shows is the truth: steps count as done by the
 * receipts of what the journal says was sent; the first that does not hold and all after it are sent (again). Returns
 * the L1 block of the first step.
 * @throws STEP_FAILED, NONCE_CONTENTION, INSUFFICIENT_BALANCE, L1_FAILED
 */
export async function sendSteps(
  dependencies: SendStepsDependencies,
  settings: SendStepsSettings,
  steps: readonly PlannedStep[],
): Promise<number> {
  const { journal, account, logger } = dependencies;
  for (let plan = 0; plan <= MAX_PLANS; plan++) {
    const { done, least } = await progressOf(dependencies, settings, steps);
    if (done === steps.length) return firstBlock(dependencies, steps);
    const open = steps.slice(done);
    if (plan > 0)
      logger.warn("another program uses the deployer's key: assigning new nonces to the remaining transactions", {
        deployer: account.address,
        remaining: open.length,
      });
    const nonce = await nonceFrom(dependencies, settings, least);
    // Sent, or about to be sent, by an interrupted run: they continue unchanged.
    const recorded = open.every((step, index) => journal.content?.steps[step.id]?.nonce === nonce + index);
    if (!recorded) await giveNonces(dependencies, steps, { done, nonce });
    await awaitMined(dependencies, settings, open);
  }
  throw new DeploymentError(
    DeploymentErrorCode.NONCE_CONTENTION,
    `another program keeps sending transactions from ${account.address}: stop it, or deploy with a separate key`,
  );
}

/** How far a deployment has come. */
interface Progress {
  /** Steps from the first on that have a receipt of success. */
  readonly done: number;
  /** No lower nonce can be the next one's: the journal has transactions for those before. */
  readonly least: number;
}

/** A contract whose step is gone takes all that refer to it along. */
async function progressOf(
  dependencies: SendStepsDependencies,
  settings: SendStepsSettings,
  steps: readonly PlannedStep[],
): Promise<Progress> {
  let least = 0;
  for (const [index, step] of steps.entries()) {
    const entry = dependencies.journal.content?.steps[step.id];
    if (entry === undefined) return { done: index, least };
    const use = await useOf(dependencies, settings, entry);
    least = use === "none" ? entry.nonce : entry.nonce + 1;
    if (typeof use === "string" || !use.succeeded) return { done: index, least };
  }
  return { done: steps.length, least };
}

/**
 * The next nonce by L1's count. While that is below what the journal shows, the endpoint lags: with a nonce that a
 * transaction of the journal has, or will have, steps would be sent a second time beside it.
 * @throws L1_FAILED if it stays so
 */
async function nonceFrom(
  { account, clock }: SendStepsDependencies,
  settings: SendStepsSettings,
  least: number,
): Promise<number> {
  let nonce = await account.nextNonce();
  for (let polls = 0; nonce < least && polls < RECEIPT_POLLS; polls++) {
    await sleep(clock, settings.pollingIntervalMs, settings.signal);
    nonce = await account.nextNonce();
  }
  if (nonce >= least) return nonce;
  throw new DeploymentError(
    DeploymentErrorCode.L1_FAILED,
    `L1 counts ${nonce} transactions of the deployer ${account.address}, but the journal goes on from nonce ` +
      `${least}: the endpoint is behind, so run the deployment again later, which continues, or use another one ` +
      "(ETHEREUM_HOST); " +
      `if an L1 reorg took earlier ones back, send a transfer of nothing for each nonce from ${nonce} to ${least - 1}`,
  );
}

/**
 * What has used the nonce of a step: its own transaction, by the receipt, which is waited for where L1 counts the nonce
 * as used; another's; or none yet. Only after another's may it get another one: with two it could be deployed twice.
 * @throws L1_FAILED if L1 counts it as used, and does not show by what for long
 */
async function useOf(
  { l1, account, clock }: SendStepsDependencies,
  settings: SendStepsSettings,
  entry: JournalEntry,
): Promise<Receipt | "another's" | "none"> {
  for (let polls = 0; polls < RECEIPT_POLLS; polls++) {
    const receipt = await receiptOf(l1, entry);
    if (receipt !== undefined) return receipt;
    if ((await account.nextNonce()) <= entry.nonce) return "none";
    if (polls >= LAG_POLLS && (await isOwnUse(l1, account.address, entry)) === false) return "another's";
    await sleep(clock, settings.pollingIntervalMs, settings.signal);
  }
  throw new DeploymentError(
    DeploymentErrorCode.L1_FAILED,
    `L1 counts the deployer's nonce ${entry.nonce} as used, but does not show by what: run the deployment again ` +
      "later, which continues, or use another endpoint (ETHEREUM_HOST)",
  );
}

interface Receipt {
  readonly succeeded: boolean;
  readonly blockNumber: number;
  readonly hash: string;
}

async function receiptOf(l1: L1Requests, entry: JournalEntry): Promise<Receipt | undefined> {
  for (const { hash } of entry.attempts.toReversed()) {
    const receipt = await l1.ask("eth_getTransactionReceipt", [hash], answer => {
      if (answer === null) return undefined;
      const { status, blockNumber } = answer as { readonly status?: unknown; readonly blockNumber?: unknown };
      return { succeeded: numberOf(status) === 1, blockNumber: numberOf(blockNumber), hash };
    });
    if (receipt !== undefined) return receipt;
  }
  return undefined;
}

async function firstBlock({ l1, journal }: SendStepsDependencies, steps: readonly PlannedStep[]): Promise<number> {
  const first = journal.content?.steps[steps[0]?.id ?? ""];
  return (first && (await receiptOf(l1, first)))?.blockNumber ?? 0;
}

/** Signs the steps from `done` on, with nonces from `nonce` on, into the journal. */
async function giveNonces(
  { account, journal }: SendStepsDependencies,
  steps: readonly PlannedStep[],
  { done, nonce }: { readonly done: number; readonly nonce: number },
): Promise<void> {
  const content = journal.content as JournalContent;
  const entries: Record<string, JournalEntry> = Object.fromEntries(
    steps.slice(0, done).map(step => [step.id, content.steps[step.id] as JournalEntry]),
  );
  const addressOf: AddressOf = id => addressIn({ ...content, steps: entries }, id);
  const fees = await account.fees();
  let cost = 0n;
  for (const [index, step] of steps.slice(done).entries()) {
    const call = step.call(addressOf);
    const gasLimit = await account.gasLimit(call, step.gasLimit);
    cost += gasLimit * fees.maxFeePerGas;
    const attempts = [account.sign(call, { nonce: nonce + index, gasLimit, fees })];
    const address = step.creates
      ? { address: EthAddress(getCreateAddress({ from: account.address, nonce: nonce + index })) }
      : {};
    entries[step.id] = { nonce: nonce + index, attempts, ...address };
  }
  const balance = await account.balance();
  if (balance < cost)
    throw new DeploymentError(
      DeploymentErrorCode.INSUFFICIENT_BALANCE,
      `the deployer ${account.address} holds ${balance} wei but needs up to ${cost}: send ether to it`,
      { balance, needed: cost },
    );
  await journal.write({ ...content, steps: entries });
}

/** The address that a step's contract has, or will have. @throws BAD_JOURNAL */
export function addressIn(content: JournalContent | undefined, id: string): EthAddress {
  const address = content?.steps[id]?.address;
  if (address === undefined)
    throw new DeploymentError(
      DeploymentErrorCode.BAD_JOURNAL,
      `the deployment journal has no address for ${id}: delete it to start a new deployment`,
      { step: id },
    );
  return address;
}

/**
 * Sends what the journal holds for the open steps until L1 has used all their nonces.
 * @throws STEP_FAILED for one that reverted
 */
async function awaitMined(
  dependencies: SendStepsDependencies,
  settings: SendStepsSettings,
  open: readonly PlannedStep[],
): Promise<void> {
  const { l1, account, journal, clock, logger } = dependencies;
  const entryOf = (step: PlannedStep) => journal.content?.steps[step.id] as JournalEntry;
  const last = entryOf(open.at(-1) as PlannedStep).nonce;
  for (const step of open) await broadcast(l1, step.id, entryOf(step));
  let progress = { nonce: -1, head: await l1.number("eth_blockNumber"), polls: 0 };
  for (;;) {
    const nonce = await account.nextNonce();
    if (nonce > last) break;
    const head = await l1.number("eth_blockNumber");
    progress = nonce > progress.nonce ? { nonce, head, polls: 0 } : { ...progress, polls: progress.polls + 1 };
    const waiting = open.filter(step => entryOf(step).nonce >= nonce);
    const lost =
      progress.polls % PATIENCE_POLLS === PATIENCE_POLLS - 1 && !(await inPool(l1, entryOf(waiting[0] as PlannedStep)));
    if (lost || head >= progress.head + PATIENCE_BLOCKS) {
      logger.verbose("the deployment's transactions are not being included: raising the fee", { nonce, head });
      progress = { nonce, head, polls: 0 };
      await offerMore(dependencies, waiting);
    }
    await sleep(clock, settings.pollingIntervalMs, settings.signal);
  }
  for (const step of open) {
    const use = await useOf(dependencies, settings, entryOf(step));
    if (typeof use === "string") continue;
    if (!use.succeeded) await reverted(dependencies, step, { entry: entryOf(step), receipt: use });
    logger.verbose("deployment step mined", { step: step.id, l1Block: use.blockNumber, transaction: use.hash });
  }
}

async function inPool(l1: L1Requests, entry: JournalEntry): Promise<boolean> {
  return (await l1.send("eth_getTransactionByHash", entry.attempts.at(-1)?.hash)) !== null;
}

async function offerMore(
  { l1, account, journal }: SendStepsDependencies,
  steps: readonly PlannedStep[],
): Promise<void> {
  const content = journal.content as JournalContent;
  const entries: Record<string, JournalEntry> = { ...content.steps };
  for (const { id } of steps) {
    const entry = content.steps[id] as JournalEntry;
    entries[id] = {
      ...entry,
      attempts: [...entry.attempts, await account.signAgain((entry.attempts.at(-1) as { raw: `0x${string}` }).raw)],
    };
  }
  await journal.write({ ...content, steps: entries });
  for (const { id } of steps) await broadcast(l1, id, entries[id] as JournalEntry);
}

/**
 * Hands the newest attempt to the pool. That it is there already, was mined, or is too cheap by now is for the watching
 * to sort out.
 */
async function broadcast(l1: L1Requests, step: string, entry: JournalEntry): Promise<void> {
  try {
    await l1.send("eth_sendRawTransaction", entry.attempts.at(-1)?.raw);
  } catch (error) {
    const said = messageOf(error);
    if (/already|\bknown|nonce.{0,20}too low|underpriced|less than block base fee/i.test(said)) return;
    throw new DeploymentError(
      DeploymentErrorCode.STEP_FAILED,
      `L1 rejected the transaction of step ${step} (${said}): fix the cause and run the deployment again; with its ` +
        "journal it continues where it stopped. If the cause lies in the settings, correct them and delete the " +
        "journal: the deployment then begins anew",
      { step },
      { cause: error },
    );
  }
}

/** Which attempt of a step L1 has mined, and where. */
interface MinedAttempt {
  readonly hash: string;
  readonly blockNumber: number;
}

async function reverted(
  { account }: SendStepsDependencies,
  step: PlannedStep,
  { entry, receipt }: { readonly entry: JournalEntry; readonly receipt: MinedAttempt },
): Promise<never> {
  const raw = entry.attempts.find(attempt => attempt.hash === receipt.hash)?.raw ?? "0x";
  const reason = shownRevert(await account.whyReverted(raw, receipt.blockNumber));
  const gas = Transaction.from(raw).gasLimit;
  throw new DeploymentError(
    DeploymentErrorCode.STEP_FAILED,
    `step ${step.id} reverted (${reason}; gas limit ${gas}): fix the cause and run the deployment again; with its ` +
      "journal it continues where it stopped. If the cause lies in the settings, correct them and delete the " +
      "journal: the deployment then begins anew",
    { step: step.id, reason, transactionHash: receipt.hash },
  );
}
