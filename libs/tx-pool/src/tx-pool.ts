import type { Field, FieldHasher } from "@sprtn/primitives";
import { decodeTx, type GasFees, type Tx } from "@sprtn/protocol";
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
  TxDecoder,
  TxSource,
} from "@sprtn/ports";
import { Loop } from "@sprtn/runtime";
import { ProofChecker } from "./admission/proof-checker.js";
import { FetchTxs } from "./fetch-txs.js";
import { knownBlock, loadPool } from "./load-pool.js";
import { PoolChanges } from "./pool-changes.js";
import { PoolContents } from "./pool-contents.js";
import type { PoolEntry } from "./pool-entry.js";
import { PoolRules, type PoolRulesSettings } from "./pool-rules.js";
import { MAX_ANSWER_BYTES, serveTxs } from "./serve-txs.js";
import type { TxPoolSettings } from "./settings.js";
import { TxAdmission, type TxOrigin } from "./tx-admission.js";
import { TxGossip } from "./tx-gossip.js";
import { KEPT_DROPS, TxJournal } from "./tx-journal.js";
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
  /** Reads what peers gossip; by the hasher unless given. */
  readonly decoder?: TxDecoder;
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

/** Local transactions that no peer has taken yet, offered again at once. */
const OFFERED_AT_ONCE = 64;
/** A node that starts has no peers, and may not live long: what it has acknowledged leaves as soon as one is there. */
const OFFER_EVERY_MS = 1_000;

/** Admits, orders, keeps and evicts transactions (TX-1, PEND-8, INV-10). */
export class TxPool implements TxSource, Service {
  readonly #dependencies: TxPoolDependencies;
  readonly #metrics: TxPoolMetrics;
  readonly #journal: TxJournal;
  readonly #contents: PoolContents;
  readonly #rules: PoolRules;
  readonly #changes: PoolChanges;
  readonly #admission: TxAdmission;
  readonly #gossip: TxGossip;
  readonly #fetch: FetchTxs;
  readonly #loop: Loop;
  readonly #offers: Loop;
  #unsubscribe: (() => void) | undefined;
  #serving = false;

  constructor(dependencies: TxPoolDependencies, options: TxPoolOptions) {
    this.#dependencies = dependencies;
    this.#metrics = createTxPoolMetrics(dependencies.meter);
    this.#journal = new TxJournal(dependencies, { keptDrops: KEPT_DROPS });
    this.#contents = new PoolContents({ journal: this.#journal, metrics: this.#metrics });
    this.#rules = new PoolRules({ ...dependencies, contents: this.#contents }, { ...options, limits: options });
    this.#changes = new PoolChanges({ ...dependencies, journal: this.#journal, load: () => this.#load() });
    this.#admission = new TxAdmission({
      ...dependencies,
      contents: this.#contents,
      rules: this.#rules,
      journal: this.#journal,
      checker: new ProofChecker(
        { proofs: dependencies.proofs, metrics: this.#metrics },
        { remembered: 2 * options.maxTxs },
      ),
      onStored: entry => void this.#publish(entry),
      onWithdrawn: () => this.#changes.inTurn("what made room", () => this.#rules.sweep()),
    });
    const decoder = dependencies.decoder ?? { decode: bytes => decodeTx(dependencies.hasher, bytes) };
    this.#gossip = new TxGossip({ ...dependencies, decoder, admit: tx => this.add(tx, "gossip") }, options);
    this.#fetch = new FetchTxs(
      {
        ...dependencies,
        find: hash => this.#contents.find(hash),
        check: tx => this.#admission.checkAlways(tx),
        onFound: tx => this.#takeFetched(tx),
      },
      options,
    );
    this.#loop = new Loop(
      {
        clock: dependencies.clock,
        step: () => this.#changes.inTurn("the slot's sweep", () => this.#tick()),
        onError: error => this.#changes.report("the slot's sweep", error),
      },
      { intervalMs: options.parameters.slotDuration * 1000, firstStep: "after-interval" },
    );
    this.#offers = new Loop(
      {
        clock: dependencies.clock,
        step: () => this.#offer(),
        onError: error => this.#changes.report("offering transactions to peers", error),
      },
      { intervalMs: OFFER_EVERY_MS, firstStep: "after-interval" },
    );
  }

  /** Resolves when stored transactions are back: pending, or waiting until the node has caught up. */
  async start(signal: AbortSignal): Promise<void> {
    const { blocks, requests } = this.#dependencies;
    const loaded = this.#changes.open();
    this.#unsubscribe = blocks.subscribe(event => this.#changes.inTurn(event.type, () => this.#follow(event)));
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
    await this.#offers.start(signal);
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    await this.#offers.stop();
    await this.#loop.stop();
    await this.#changes.close();
    await this.#journal.settled();
  }

  async add(tx: Tx, origin: TxOrigin): Promise<Admission> {
    this.#requireStarted();
    const admission = await this.#admission.admit(tx, origin);
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

  /** Bytes of the transactions that wait, encoded. */
  pendingBytes(): number {
    return this.#contents.pending.bytes;
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

  #takeFetched(tx: Tx): void {
    this.#contents.addFetched(tx);
    this.add(tx, "peer").catch((error: unknown) => this.#changes.report("a fetched transaction", error));
  }

  async #publish(entry: PoolEntry): Promise<void> {
    if (await this.#gossip.publish(entry.tx)) entry.submitted = true;
  }

  async #load(): Promise<void> {
    const { blocks, logger } = this.#dependencies;
    const [contents, journal, rules] = [this.#contents, this.#journal, this.#rules];
    this.#admission.continueFrom(await loadPool({ blocks, logger, contents, journal, rules }));
  }

  async #follow(event: ChainEvent): Promise<void> {
    if ((await this.#changes.mend()) === "mended") return;
    if (event.type === "blocks-added") await this.#rules.afterAdded(event.blocks);
    if (event.type === "blocks-removed")
      await this.#rules.afterRemoved(event.removed, await knownBlock(this.#dependencies.blocks, event.tip.number));
    if (event.type === "finalized") this.#contents.finalize(event.tip.number);
  }

  async #tick(): Promise<void> {
    this.#journal.retry();
    await this.#changes.mend();
    await this.#rules.sweep();
  }

  async #offer(): Promise<void> {
    const unsent = this.#contents.pending
      .ordered()
      .filter(entry => !entry.submitted)
      .slice(0, OFFERED_AT_ONCE);
    await Promise.all(unsent.map(entry => this.#publish(entry)));
  }

  #requireStarted(): void {
    if (!this.#unsubscribe)
      throw new TxPoolError(TxPoolErrorCode.NOT_STARTED, "the transaction pool is not running: start it first", {});
  }
}
