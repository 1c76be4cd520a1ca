import type { Clock, L1Time, Logger, Signer } from "@sprtn/ports";
import { type EthAddress, Wei } from "@sprtn/primitives";
import { SerialQueue, throwIfAborted } from "@sprtn/runtime";
import type { JsonRpcProvider } from "ethers";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { latestBlock } from "../heads/latest-block.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { awaitMined } from "./await-mined.js";
import { dryRun } from "./dry-run.js";
import { estimateGas, withMargin } from "./estimate-gas.js";
import { bumpedFees, type FeeSettings, marketFees, type TransactionFees } from "./fees.js";
import { handOut } from "./hand-out.js";
import { minedRevert } from "./mined-revert.js";
import { EarlierSendings } from "./earlier-sendings.js";
import type { RawReceipt } from "./raw-receipt.js";
import { newSending, type Sending } from "./sending.js";
import { signTransaction } from "./sign-transaction.js";
import type { TransactionRequest } from "./transaction-request.js";

/** The key, the L1 that it sends to, and the time by which it looks for its transactions. */
export interface TransactionSenderDependencies {
  readonly endpoints: L1Endpoints;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For when the next block comes; a second after the latest one unless given. */
  readonly l1Time?: Pick<L1Time, "nextBlock">;
}

/** How long the sender waits, when it offers more, and when it warns about the balance. */
export interface TransactionSenderSettings extends FeeSettings {
  readonly pollingIntervalMs: number;
  /** L1 blocks that must hold the transaction before it counts as mined; 1: the one that includes it. */
  readonly confirmations: number;
  /** L1 blocks without inclusion after which a transaction is replaced by one that offers more. */
  readonly bumpAfterBlocks: number;
  /** On top of an estimate, percent. */
  readonly gasMarginPercent: number;
  /** Below this, wei, each sending warns. */
  readonly lowBalance: Wei;
}

/** Groups of transactions that may wait for their turn. */
const MAX_WAITING = 64;
/** How often a group is planned again when somebody else used its nonces. */
const MAX_PLANS = 5;
/** How often the fee is raised to get past a transaction of the same nonce that a former run left in the pool. */
const MAX_RAISES = 20;

/**
 * Sends one key's transactions, one group at a time, and watches each until it is mined. Nonces come from L1 again for
 * every group: whatever was abandoned, dropped by a reorg or sent elsewhere with this key, the next group continues
 * from what the chain says, replacing what still waits in the pool.
 */
export class TransactionSender {
  readonly address: EthAddress;
  readonly #dependencies: TransactionSenderDependencies;
  readonly #settings: TransactionSenderSettings;
  readonly #queue: SerialQueue;
  readonly #earlier = new EarlierSendings();
  /** The nonce after those that an earlier run left in the pool; `undefined` until it was looked for. */
  #leftoversEnd: number | undefined;

  constructor(dependencies: TransactionSenderDependencies, settings: TransactionSenderSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.address = dependencies.signer.address;
    this.#queue = new SerialQueue({ name: `the L1 transactions of ${this.address}`, maxWaiting: MAX_WAITING });
  }

  /**
   * Sends the requests with nonces in a row, all at once, and resolves when all are mined.
   * @throws REVERTED (before sending for what an estimate or dry run refuses), INSUFFICIENT_BALANCE, REJECTED,
   *   NONCE_CONTENTION, ABORTED when `signal` fires: what was sent by then may still be mined
   */
  async send(requests: readonly TransactionRequest[], signal?: AbortSignal): Promise<readonly RawReceipt[]> {
    return this.#queue.run(() => this.#sendNow(requests, signal), signal);
  }

  async balance(): Promise<Wei> {
    return this.#dependencies.endpoints.run(async provider =>
      Wei(BigInt((await provider.send("eth_getBalance", [this.address, "latest"])) as string)),
    );
  }

  async #sendNow(
    requests: readonly TransactionRequest[],
    signal: AbortSignal | undefined,
  ): Promise<readonly RawReceipt[]> {
    const { endpoints, logger } = this.#dependencies;
    await this.#lookForLeftovers();
    const balance = await this.balance();
    if (balance < this.#settings.lowBalance)
      logger.warn("the L1 balance is low: send ether to the address", {
        address: this.address,
        balance,
        threshold: this.#settings.lowBalance,
      });
    const sendings: Sending[] = [];
    for (const request of requests) {
      const gasLimit = await endpoints.run(provider => this.#gasLimit(provider, request));
      sendings.push(newSending({ ...request, gasLimit }, request.gasLimit === undefined));
    }
    try {
      return await this.#seeThrough(sendings, balance, signal);
    } finally {
      // Also what was given up: L1 may include it all the same.
      this.#earlier.add(sendings.filter(isHandedOut));
    }
  }

  /** Sends until all are mined, with other nonces where somebody else has used theirs. */
  async #seeThrough(
    sendings: readonly Sending[],
    balance: Wei,
    signal: AbortSignal | undefined,
  ): Promise<readonly RawReceipt[]> {
    const { endpoints } = this.#dependencies;
    let open = sendings;
    for (let plan = 1; plan <= MAX_PLANS; plan++) {
      throwIfAborted("sending to L1", signal);
      await this.#submit(open, balance);
      const sent = sendings.filter(isHandedOut);
      await awaitMined(
        {
          dependencies: { ...this.#dependencies, earlier: this.#earlier },
          settings: { ...this.#settings, chainId: endpoints.chainId, address: this.address },
        },
        sent,
        signal,
      );
      open = sendings.filter(sending => sending.receipt === undefined);
      if (open.length === 0) return this.#receipts(sendings);
      this.#reportOvertaken(open, plan);
    }
    throw new L1Error(
      L1ErrorCode.NONCE_CONTENTION,
      `another process keeps sending L1 transactions with the key of ${this.address}: stop it, or give each ` +
        "process its own key (SEQ_PUBLISHER_PRIVATE_KEY, PROVER_PUBLISHER_PRIVATE_KEY)",
      { expected: this.address },
    );
  }

  /**
   * Once per run: transactions that an earlier run left in the pool are replaced, or mined before ours; they are not a
   * sign of another process.
   */
  async #lookForLeftovers(): Promise<void> {
    if (this.#leftoversEnd !== undefined) return;
    const [mined, waiting] = await this.#dependencies.endpoints.run(provider =>
      Promise.all(
        ["latest", "pending"].map(async tag =>
          Number((await provider.send("eth_getTransactionCount", [this.address, tag])) as string),
        ),
      ),
    );
    this.#leftoversEnd = waiting as number;
    if ((waiting as number) > (mined as number))
      this.#dependencies.logger.info(
        "L1 transactions of an earlier run are waiting in the pool: new ones replace them",
        { address: this.address, firstNonce: mined, count: (waiting as number) - (mined as number) },
      );
  }

  #reportOvertaken(open: readonly Sending[], plan: number): void {
    const { logger } = this.#dependencies;
    const fields = { code: L1ErrorCode.NONCE_CONTENTION, address: this.address, open: open.length, plan };
    // One used before it was sent was counted wrongly, and says nothing about who else sends now.
    const isOwn = ({ nonce, overtakenIn, pricedAt }: Sending) =>
      nonce < (this.#leftoversEnd ?? 0) || this.#earlier.get(nonce) !== undefined || overtakenIn <= pricedAt;
    if (open.every(isOwn))
      logger.verbose("a transaction sent earlier was included first: taking the next nonce", fields);
    else
      logger.warn(
        "another process sends L1 transactions with this key: the two obstruct each other and pay twice; stop one " +
          "of them, or give each its own key",
        fields,
      );
  }

  async #gasLimit(provider: JsonRpcProvider, request: TransactionRequest): Promise<bigint> {
    if (request.dryRun || request.notBefore !== undefined) {
      const at = await this.#nextBlockTime(provider);
      if (request.notBefore !== undefined && at < request.notBefore)
        throw new L1Error(
          L1ErrorCode.TOO_EARLY,
          `L1's next block comes ${request.notBefore - at} s before it can hold this transaction: wait, and check ` +
            "this machine's clock",
          { number: request.notBefore - at },
        );
      if (request.dryRun) await dryRun(provider, request, { from: this.address, at, block: "latest" });
    }
    if (request.gasLimit !== undefined) return request.gasLimit;
    return withMargin(await estimateGas(provider, request, this.address), this.#settings.gasMarginPercent);
  }

  /** No later than it really will be. */
  async #nextBlockTime(provider: JsonRpcProvider): Promise<number> {
    const { timestamp } = await latestBlock(provider);
    return Math.max(timestamp + 1, this.#dependencies.l1Time?.nextBlock(timestamp) ?? 0);
  }

  /**
   * Gives each a nonce and hands it to the pool, up to the first whose nonce turns out to be used. What is on its way
   * with a nonce that nobody else has used keeps it, also behind one that has to have another.
   * @throws INSUFFICIENT_BALANCE, REJECTED
   */
  async #submit(sendings: readonly Sending[], balance: Wei): Promise<void> {
    for (const sending of sendings.filter(isOvertaken)) {
      const former = [...sending.former, ...sending.attempts];
      Object.assign(sending, newSending(sending.request, sending.estimated), { former });
    }
    try {
      await this.#dependencies.endpoints.run(provider => this.#submitBy(provider, sendings, balance));
    } catch (error) {
      // What the endpoints were given before they failed may be on its way: it is watched like the rest.
      if (!sendings.some(isHandedOut)) throw error;
    }
  }

  /** Goes on where the endpoint before it has failed. */
  async #submitBy(provider: JsonRpcProvider, sendings: readonly Sending[], balance: Wei): Promise<void> {
    const count = Number((await provider.send("eth_getTransactionCount", [this.address, "latest"])) as string);
    let nonce = Math.max(count, ...sendings.filter(isHandedOut).map(sending => sending.nonce + 1));
    const head = Number((await provider.send("eth_blockNumber", [])) as string);
    const fees = await marketFees(provider, this.#settings, this.#dependencies.logger);
    this.#assertAffordable(sendings, fees, balance);
    for (const [index, sending] of sendings.entries())
      if (!isHandedOut(sending)) Object.assign(sending, { nonce: nonce + index, pricedAt: head });
    for (const sending of sendings) {
      // What comes after one that was refused would wait for its nonce in the pool, until a later group has used that.
      if (sendings.some(({ refusal }) => refusal !== undefined)) return;
      const handedOut = sending.attempts.at(-1);
      if (handedOut !== undefined) {
        // With another nonce it could be carried out twice. A used one shows when it is watched.
        await handOut(provider, sending, handedOut);
        continue;
      }
      sending.nonce = nonce++;
      while (!(await this.#submitOne(provider, sending, fees))) {
        // Who else has used it shows when it is watched. What was given up before may have, or this one after all.
        if (this.#earlier.get(sending.nonce)?.receipt === undefined) return;
        // This process has, with an earlier transaction: the endpoint counts at a head that lags behind its own pool.
        sending.attempts = [];
        sending.nonce = nonce++;
      }
    }
  }

  /** @returns false if its nonce is used already; else it is watched, also for what was refused */
  async #submitOne(provider: JsonRpcProvider, sending: Sending, market: TransactionFees): Promise<boolean> {
    const { signer, endpoints } = this.#dependencies;
    let fees: TransactionFees | undefined = market;
    let offered = 0n;
    for (let raise = 0; raise < MAX_RAISES && fees; raise++) {
      const signed = signTransaction(signer, sending.request, {
        chainId: endpoints.chainId,
        nonce: sending.nonce,
        fees,
      });
      const result = await handOut(provider, sending, signed);
      if (result === "nonce-used") return false;
      if (result !== "underpriced") return true;
      offered = fees.maxFeePerGas;
      fees = bumpedFees(fees, market, this.#settings);
    }
    const advice = fees === undefined ? "raise L1_MAX_FEE_PER_GAS" : "wait until what is in L1's pool is mined";
    const error = new L1Error(
      L1ErrorCode.REJECTED,
      `L1 requires a higher fee than ${offered} wei per gas for nonce ${sending.nonce} of ${this.address}: ${advice}`,
      { number: sending.nonce },
    );
    sending.refusal = { error, polls: 0 };
    return true;
  }

  #assertAffordable(sendings: readonly Sending[], fees: TransactionFees, balance: Wei): void {
    const needed = sendings.reduce(
      (sum, { request }) => sum + (request.value ?? 0n) + request.gasLimit * fees.maxFeePerGas,
      0n,
    );
    if (balance >= needed) return;
    throw new L1Error(
      L1ErrorCode.INSUFFICIENT_BALANCE,
      `${this.address} holds ${balance} wei but needs up to ${needed}: send ether to it`,
      { needed, balance },
    );
  }

  async #receipts(sendings: readonly Sending[]): Promise<readonly RawReceipt[]> {
    for (const { receipt, request } of sendings) {
      if (receipt && !receipt.succeeded)
        throw await this.#dependencies.endpoints.run(provider =>
          minedRevert(provider, { request, receipt, from: this.address }),
        );
    }
    return sendings.map(({ receipt }) => receipt as RawReceipt);
  }
}

/** Whether another has used its nonce, as L1's blocks have shown. */
function isOvertaken({ overtakenIn }: Sending): boolean {
  return overtakenIn > 0;
}

function isHandedOut({ attempts }: Sending): boolean {
  return attempts.length > 0;
}
