import { BlockNumber, bytesToUint, codeOf, type Field, messageOf } from "@sprtn/primitives";
import type {
  ChainFollower,
  ChainTrouble,
  Clock,
  KvStore,
  L1Position,
  L1Reader,
  Logger,
  Meter,
  MinedTx,
  StateStore,
} from "@sprtn/ports";
import type { ChainTips, L2Block } from "@sprtn/protocol";
import { Loop } from "@sprtn/runtime";
import { ArchiverError, ArchiverErrorCode, isOfEndpoint } from "./archiver-error.js";
import { createArchiverMetrics } from "./archiver-metrics.js";
import type { ArchivedDeployment } from "./chain-rules.js";
import { badBlockFields, ChainSync } from "./chain-sync.js";
import type { ArchiverSettings } from "./settings.js";
import { tipsOf } from "./store/chain-snapshot.js";
import { Bucket, bucketRange, subtreeKey } from "./store/keys.js";
import { type ChainListener, Subscribers } from "./subscribers.js";

/** What the archiver follows, where it keeps what it found, and what it drives. */
export interface ArchiverDependencies {
  readonly l1: L1Reader;
  /** For the archiver alone. */
  readonly store: KvStore;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly deployment: ArchivedDeployment;
}

/** Follows the chain on L1, judges every block itself, drives the world state, and answers what the chain holds. */
export class Archiver implements ChainFollower {
  readonly #store: KvStore;
  readonly #logger: Logger;
  readonly #subscribers: Subscribers;
  readonly #sync: ChainSync;
  readonly #loop: Loop;
  /** The trouble that was logged last; `undefined` while rounds succeed. */
  #trouble: ChainTrouble | undefined;
  /** Whether the trouble is that L1 does not answer, in whatever way. */
  #unanswered = false;
  /** Whether the trouble is an endpoint's, rather than this node's own. */
  #ofEndpoint = false;

  constructor(
    { l1, store, state, clock, logger, meter, deployment }: ArchiverDependencies,
    settings: ArchiverSettings,
  ) {
    this.#store = store;
    this.#logger = logger;
    this.#subscribers = new Subscribers(this.#logger);
    const tell = this.#subscribers.tell.bind(this.#subscribers);
    // An L2 slot: a node that is further behind cannot judge what is proposed now.
    const presentMs = Math.max(1000 * deployment.parameters.slotDuration, 3 * settings.pollingIntervalMs);
    this.#sync = new ChainSync(
      { l1, store, state, clock, logger: this.#logger, metrics: createArchiverMetrics(meter), tell },
      { deployment, l1RangeBlocks: settings.l1RangeBlocks, presentMs },
    );
    this.#loop = new Loop(
      { clock, step: signal => this.#round(signal), onError: error => this.#reportTrouble(error) },
      { intervalMs: settings.pollingIntervalMs },
    );
  }

  /**
   * Resolves when the state has caught up with what is stored; following L1 continues from there.
   * @throws ArchiverError OTHER_CHAIN, BAD_RECORD, STATE_DIVERGED
   */
  async start(signal: AbortSignal): Promise<void> {
    await this.#sync.open(signal);
    const { bad } = this.#sync.snapshot.chain;
    if (bad)
      this.#logger.warn(
        "when this node stopped, L1 held a block that breaks a rule: the node stayed at the block before it, and " +
          "now validates it again",
        badBlockFields(bad),
      );
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#sync.loseTrack();
  }

  /** Looks at L1 now, for callers that know of something new there; resolves when that is done. */
  async poll(): Promise<void> {
    await this.#loop.trigger();
  }

  tips(): ChainTips {
    return tipsOf(this.#sync.snapshot);
  }

  async block(number: BlockNumber): Promise<L2Block | undefined> {
    return this.#sync.stored.block(number);
  }

  async l1Position(number: BlockNumber): Promise<L1Position | undefined> {
    return this.#sync.stored.l1Position(number);
  }

  async minedTx(txHash: Field): Promise<MinedTx | undefined> {
    return this.#sync.stored.minedTx(txHash);
  }

  async messages(number: BlockNumber): Promise<readonly Field[]> {
    return this.#sync.stored.subtree(number);
  }

  async nextMessageBlock(): Promise<BlockNumber | undefined> {
    const range = { gte: subtreeKey(this.tips().pending.number + 1), lt: bucketRange(Bucket.SUBTREE).lt, limit: 1 };
    for await (const [key] of this.#store.entries(range)) return BlockNumber(Number(bytesToUint(key.subarray(1))));
    return undefined;
  }

  async messageIndex(hash: Field): Promise<bigint | undefined> {
    return this.#sync.stored.messageIndex(hash);
  }

  synced(): boolean {
    return this.#sync.synced;
  }

  subscribe(listener: ChainListener): () => void {
    return this.#subscribers.add(listener);
  }

  /** Why this node does not follow L1 to its head; `undefined` while it does, or has not tried yet. */
  trouble(): ChainTrouble | undefined {
    if (this.#trouble) return this.#trouble;
    const { bad } = this.#sync.snapshot.chain;
    return bad ? { code: bad.code, reason: `L1 holds a block that this node rejects: ${bad.reason}` } : undefined;
  }

  async #round(signal: AbortSignal): Promise<void> {
    // One that came to nothing is no end of the trouble, though nothing failed.
    if (!(await this.#sync.round(signal)) || this.#trouble === undefined) return;
    const { code } = this.#trouble;
    this.#logger.info(this.#ofEndpoint ? "L1 answers correctly again: following it" : "following L1 again", { code });
    this.#trouble = undefined;
    this.#unanswered = false;
  }

  /** Reported once per trouble, until a round succeeds. */
  #reportTrouble(error: unknown): void {
    this.#sync.loseTrack();
    const trouble = troubleOf(error);
    const unanswered = codeOf(error) === ArchiverErrorCode.L1_UNREACHABLE;
    this.#ofEndpoint = isOfEndpoint(codeOf(error));
    if (trouble.code === this.#trouble?.code) this.#logger.debug("following L1 failed again", { ...trouble });
    // An endpoint may refuse logs in one way and everything else in another: that is one trouble, and one warning.
    else if (unanswered && this.#unanswered) this.#logger.info("L1 still cannot be followed", { ...trouble });
    else if (this.#ofEndpoint)
      this.#logger.warn("L1 cannot be followed: check the L1 endpoints; retrying", { ...trouble });
    // Disk trouble is reported where it is first seen, once for all of a node's stores.
    else if (trouble.code.startsWith("STORAGE_"))
      this.#logger.verbose("following L1 is waiting for the disk; retrying", { ...trouble });
    else this.#logger.error("following L1 failed; retrying", { ...trouble });
    this.#trouble = trouble;
    this.#unanswered = unanswered;
  }
}

/** The L1 reader's code where it is what failed: it says more. */
function troubleOf(error: unknown): ChainTrouble {
  const { causeCode } = error instanceof ArchiverError ? error.payload : {};
  return { code: causeCode ?? codeOf(error), reason: messageOf(error) };
}
