import { codeOf, type Field, type FieldHasher, fieldToHex, messageOf } from "@sprtn/primitives";
import type { GasFees, Tx } from "@sprtn/protocol";
import type {
  Admission,
  BlockSource,
  ChainEvent,
  Clock,
  Gossip,
  KvStore,
  L1Time,
  LeftOut,
  Logger,
  Meter,
  ProofBackend,
  RequestResponse,
  Service,
  StateViews,
  TxSource,
} from "@sprtn/ports";
import { Loop, SerialQueue } from "@sprtn/runtime";
import { checkMessage } from "./admission/check-message.js";
import { type AdmissionPlan, checkStatic, isRefusal, planAdmission } from "./admission/plan-admission.js";
import { ProofChecker } from "./admission/proof-checker.js";
import { FetchTxs } from "./fetch-txs.js";
import { knownBlock, loadPool } from "./load-pool.js";
import { PoolContents } from "./pool-contents.js";
import { createPoolEntry, type PoolEntry } from "./pool-entry.js";
import { PoolRules, type PoolRulesSettings } from "./pool-rules.js";
import { type Refusal, TxRefusalCode } from "./refusal.js";
import { serveTxs } from "./serve-txs.js";
import type { TxPoolSettings } from "./settings.js";
import { TxGossip } from "./tx-gossip.js";
import { TxJournal } from "./tx-journal.js";
import { TxPoolError, TxPoolErrorCode } from "./tx-pool-error.js";
import { createTxPoolMetrics, type TxPoolMetrics } from "./tx-pool-metrics.js";

/** The chain that transactions must fit, the peers that they come from, and the pool's own store. */
export interface TxPoolDependencies {
  readonly states: StateViews;
  readonly blocks: BlockSource;
  readonly gossip: Gossip;
  readonly requests: RequestResponse;
  readonly proofs: ProofBackend;
  /** The pool's own. */
  readonly store: KvStore;
  readonly hasher: FieldHasher;
  readonly clock: Clock;
  /** What time it is at most. */
  readonly l1Time?: Pick<L1Time, "head">;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** The declared settings, with the deployment's identity and parameters. */
export type TxPoolOptions = TxPoolSettings & Pick<PoolRulesSettings, "chain" | "parameters">;

/** Stage of a transaction as far as the pool knows it. */
export type PoolStage =
  | { readonly stage: "executed" | "submitted" }
  | { readonly stage: "dropped"; readonly code: string };

/** Answers to `txs` stay below what peers accept. */
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
/** Local transactions that the network has not taken yet, offered to it again in one slot. */
const REPUBLISH = 64;
const MAX_WAITING_EVENTS = 10_000;
/** Dropped transactions whose reason is kept on disk, about 120 bytes each. */
const KEPT_DROPS = 100_000;

/** Admits, orders, keeps and evicts transactions (TX-1, PEND-8, INV-10). */
export class TxPool implements TxSource, Service {
  readonly #dependencies: TxPoolDependencies;
  readonly #metrics: TxPoolMetrics;
  readonly #journal: TxJournal;
  readonly #contents: PoolContents;
  readonly #rules: PoolRules;
  readonly #checker: ProofChecker;
  readonly #gossip: TxGossip;
  readonly #fetch: FetchTxs;
  readonly #loop: Loop;
  readonly #entering = new Map<Field, Promise<Admission>>();
  #events = newEventQueue();
  #unsubscribe: (() => void) | undefined;
  #serving = false;
  /** A change failed in its midst. */
  #halfway = false;
  #arrivals = 0;

  constructor(dependencies: TxPoolDependencies, options: TxPoolOptions) {
    this.#dependencies = dependencies;
    this.#metrics = createTxPoolMetrics(dependencies.meter);
    this.#journal = new TxJournal(dependencies, { keptDrops: KEPT_DROPS });
    this.#contents = new PoolContents({ journal: this.#journal, metrics: this.#metrics });
    this.#rules = new PoolRules({ ...dependencies, contents: this.#contents }, { ...options, limits: options });
    this.#checker = new ProofChecker(
      { proofs: dependencies.proofs, metrics: this.#metrics },
      { remembered: 2 * options.maxTxs },
    );
    this.#gossip = new TxGossip({ ...dependencies, admit: tx => this.add(tx, "gossip") }, options);
    this.#fetch = new FetchTxs(
      {
        ...dependencies,
        find: hash => this.#contents.find(hash),
        check: tx => this.#checkAlways(tx),
        onFound: tx => this.#takeFetched(tx),
      },
      options,
    );
    this.#loop = new Loop(
      {
        clock: dependencies.clock,
        step: () => this.#inTurn("the slot's sweep", () => this.#tick()),
        onError: error => this.#report("the slot's sweep", error),
      },
      { intervalMs: options.parameters.slotDuration * 1000, firstStep: "after-interval" },
    );
  }

  /** Resolves when stored transactions are back: pending, or waiting until the node has caught up. */
  async start(signal: AbortSignal): Promise<void> {
    const { blocks, requests } = this.#dependencies;
    this.#events = newEventQueue();
    const loaded = this.#events.run(() => this.#load());
    this.#unsubscribe = blocks.subscribe(event => this.#inTurn(event.type, () => this.#follow(event)));
    await loaded;
    if (!this.#serving) {
      this.#gossip.subscribe();
      requests.serve(
        "txs",
        serveTxs(
          { find: hash => this.#contents.find(hash), metrics: this.#metrics },
          { maxAnswerBytes: MAX_ANSWER_BYTES },
        ),
      );
      this.#serving = true;
    }
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    await this.#loop.stop();
    await this.#events.close();
    await this.#journal.settled();
  }

  async add(tx: Tx, origin: "local" | "gossip" | "peer"): Promise<Admission> {
    this.#requireStarted();
    const admission = await this.#admit(tx, origin);
    if (admission.accepted) this.#metrics.admitted(origin);
    else this.#metrics.refused(origin, admission.code);
    return admission;
  }

  async get(hash: Field): Promise<Tx | undefined> {
    return this.#contents.find(hash);
  }

  pending(limit: number): readonly Tx[] {
    const { pending } = this.#contents;
    return pending
      .ordered()
      .slice(0, Math.min(limit, pending.includableCount()))
      .map(entry => entry.tx);
  }

  reportLeftOut(leftOut: readonly LeftOut[]): void {
    this.#rules.afterBuilding(leftOut);
  }

  /** Of those that reach the next block's base fees. */
  pendingCount(): number {
    return this.#contents.pending.includableCount();
  }

  /** TX-2: of the block after the pending tip. */
  baseFees(): GasFees {
    return this.#rules.baseFees;
  }

  async fetch(hashes: readonly Field[], signal: AbortSignal): Promise<ReadonlyMap<Field, Tx>> {
    const wanted = new Set(hashes);
    const here = hashes.filter(hash => this.#contents.find(hash) !== undefined).length;
    const found = await this.#fetch.run(hashes, signal);
    for (const tx of found.values()) this.#contents.addFetched(tx);
    this.#metrics.fetched("found", Math.max(0, found.size - here));
    this.#metrics.fetched("missing", wanted.size - found.size);
    return found;
  }

  /**
   * `executed`: the pool has it; `submitted`: the network has it too; `undefined` for what is mined or was never here.
   */
  stageOf(hash: Field): PoolStage | undefined {
    const entry = this.#contents.pending.get(hash) ?? this.#contents.waiting.get(hash);
    if (entry) return { stage: entry.submitted ? "submitted" : "executed" };
    const code = this.#contents.droppedCode(hash);
    return code === undefined || this.#contents.mined.has(hash) ? undefined : { stage: "dropped", code };
  }

  /** TX-1: cheap checks first, the proof last. */
  async #admit(tx: Tx, origin: "local" | "gossip" | "peer"): Promise<Admission> {
    const known = this.#knownAlready(tx, origin);
    if (known) return known;
    if (!this.#dependencies.blocks.synced())
      return refused({
        code: TxRefusalCode.NOT_SYNCED,
        reason: "this node is catching up with L1: wait until it is ready",
      });
    const first = this.#candidate(tx, origin);
    const refusal =
      checkStatic(first, this.#rules.view()) ??
      refusalOf(planAdmission(first, this.#rules.view())) ??
      (await checkMessage(tx, this.#dependencies.blocks)) ??
      (await this.#checkProof(tx));
    if (refusal) return refused(refusal);
    // The chain or the pool may have moved while the proof was verified.
    this.#contents.keepMined(tx);
    const knownNow = this.#knownAlready(tx, origin);
    if (knownNow) return knownNow;
    const entry = this.#candidate(tx, origin);
    const plan = planAdmission(entry, this.#rules.view());
    if (isRefusal(plan)) return refused(plan);
    this.#contents.enter(entry, plan);
    this.#rules.dropUnderfunded([...plan.replaced, ...plan.displaced].map(gone => gone.tx.inputs.feePayer));
    if (this.#contents.pending.get(tx.hash) !== entry)
      return refused({
        code: TxRefusalCode.FEE_UNPAYABLE,
        reason: "it took the room of the deposit that its fee payer counted on: wait for that deposit",
      });
    const entering = this.#store(entry, plan, origin).finally(() => this.#entering.delete(tx.hash));
    this.#entering.set(tx.hash, entering);
    return entering;
  }

  /** INV-10: on disk before it is acknowledged. */
  async #store(entry: PoolEntry, plan: AdmissionPlan, origin: "local" | "gossip" | "peer"): Promise<Admission> {
    const { tx, arrival } = entry;
    try {
      await this.#journal.put({ tx, arrival });
    } catch (error) {
      // Who runs the node is told by the store, once.
      this.#dependencies.logger.verbose("a transaction is refused, as it could not be stored", {
        tx: fieldToHex(tx.hash),
        code: codeOf(error),
        error: messageOf(error),
      });
      this.#contents.withdraw(entry, plan, { code: TxRefusalCode.STORE_FAILED, since: this.#rules.currentSlot() });
      if (plan.replaced.length + plan.displaced.length > 0)
        await this.#inTurn("what made room", () => this.#rules.sweep());
      return refused({
        code: TxRefusalCode.STORE_FAILED,
        reason: "this node could not write it to disk: tell its operator, and use another node",
      });
    }
    if (origin === "local") void this.#publish(entry);
    return { accepted: true, hash: tx.hash };
  }

  #knownAlready(tx: Tx, origin: "local" | "gossip" | "peer"): Promise<Admission> | Admission | undefined {
    if (this.#contents.mined.has(tx.hash))
      return refused({ code: TxRefusalCode.MINED, reason: "it is in a block already: ask for its receipt" });
    const known = this.#contents.pending.get(tx.hash) ?? this.#contents.waiting.get(tx.hash);
    if (!known) return undefined;
    // Who sends again because the first answer was lost gets the same answer. A peer does not: its copy may have
    // another proof.
    if (origin === "local") return this.#entering.get(tx.hash) ?? { accepted: true, hash: tx.hash };
    return refused({ code: TxRefusalCode.KNOWN, reason: "the pool has it already" });
  }

  #candidate(tx: Tx, origin: "local" | "gossip" | "peer"): PoolEntry {
    return createPoolEntry(tx, {
      arrival: this.#arrivals++,
      baseFees: this.#rules.baseFees,
      submitted: origin !== "local",
    });
  }

  async #checkAlways(tx: Tx): Promise<Refusal | undefined> {
    return checkStatic(this.#candidate(tx, "peer"), this.#rules.view()) ?? this.#checkProof(tx);
  }

  async #checkProof(tx: Tx): Promise<Refusal | undefined> {
    try {
      if (await this.#checker.verify(tx)) return undefined;
    } catch (error) {
      this.#dependencies.logger.warn("a client proof could not be verified: see the proof backend", {
        code: codeOf(error),
        error: messageOf(error),
      });
      return {
        code: TxRefusalCode.PROOF_UNCHECKED,
        reason: "this node could not verify its proof now: try again, or use another node",
      };
    }
    return {
      code: TxRefusalCode.INVALID_PROOF,
      reason: "its proof does not verify: prove it again with this network's keys",
    };
  }

  #takeFetched(tx: Tx): void {
    this.#contents.addFetched(tx);
    this.add(tx, "peer").catch((error: unknown) => this.#report("a fetched transaction", error));
  }

  async #publish(entry: PoolEntry): Promise<void> {
    if (await this.#gossip.publish(entry.tx)) entry.submitted = true;
  }

  async #load(): Promise<void> {
    const { blocks, logger } = this.#dependencies;
    const [contents, journal, rules] = [this.#contents, this.#journal, this.#rules];
    this.#arrivals = Math.max(this.#arrivals, await loadPool({ blocks, logger, contents, journal, rules }));
  }

  /** A change was followed in part only: everything is read again, once the disk has what the memory has. */
  async #reload(): Promise<void> {
    await this.#journal.settled();
    if (this.#journal.behind) return;
    await this.#load();
    this.#halfway = false;
  }

  async #follow(event: ChainEvent): Promise<void> {
    if (this.#halfway) return this.#reload();
    if (event.type === "blocks-added") await this.#rules.afterAdded(event.blocks);
    if (event.type === "blocks-removed")
      await this.#rules.afterRemoved(event.removed, await knownBlock(this.#dependencies.blocks, event.tip.number));
    if (event.type === "finalized") this.#contents.finalize(event.tip.number);
  }

  async #tick(): Promise<void> {
    this.#journal.retry();
    if (this.#halfway) await this.#reload();
    await this.#rules.sweep();
    const unsent = this.#contents.pending
      .ordered()
      .filter(entry => !entry.submitted)
      .slice(0, REPUBLISH);
    await Promise.all(unsent.map(entry => this.#publish(entry)));
  }

  /**
   * One change at a time. A failure is the pool's own: it neither stops the chain's other listeners nor the next
   * change.
   */
  async #inTurn(what: string, task: () => Promise<void>): Promise<void> {
    await this.#events.run(task).catch((error: unknown) => {
      this.#halfway = true;
      this.#report(what, error);
    });
  }

  #report(what: string, error: unknown): void {
    this.#dependencies.logger.error("the transaction pool could not follow", {
      what,
      code: codeOf(error),
      error: messageOf(error),
    });
  }

  #requireStarted(): void {
    if (!this.#unsubscribe)
      throw new TxPoolError(TxPoolErrorCode.NOT_STARTED, "the transaction pool does not run: start it first", {});
  }
}

function newEventQueue(): SerialQueue {
  return new SerialQueue({ name: "the pool's changes", maxWaiting: MAX_WAITING_EVENTS });
}

function refused({ code, reason }: Refusal): Admission {
  return { accepted: false, code, reason };
}

function refusalOf(result: Refusal | object): Refusal | undefined {
  return isRefusal(result) ? result : undefined;
}
