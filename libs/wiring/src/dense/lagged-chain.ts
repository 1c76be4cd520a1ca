import type { BlockNumber, Field } from "@sprtn/primitives";
import type {
  ChainEvent,
  ChainFollower,
  ChainTrouble,
  Clock,
  L1Position,
  Logger,
  MinedTx,
  StateForks,
  StateView,
  StateViews,
} from "@sprtn/ports";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { ChainTips, L2Block } from "@sprtn/protocol";
import { WorldStateErrorCode } from "@sprtn/world-state";
import type { ChainParts } from "../assemble/chain.js";

/** When a view looks at the chain: every so often, from a moment of its own on. */
export interface LookingTimes {
  readonly everyMs: number;
  /** Below `everyMs`: what sets a view apart from the others. */
  readonly phaseMs: number;
}

/** Events that one look brings, with the tips after them. */
interface News {
  readonly event: ChainEvent;
  readonly tips: ChainTips;
}

type Listener = (event: ChainEvent) => Promise<void> | void;

/**
 * The chain that several validators of a process share, as one of them sees it: what is new on L1 reaches it when it
 * looks, as if it polled L1 itself. Only removals come at once, because the state that they take away is shared.
 */
export class LaggedChain implements ChainFollower {
  readonly #dependencies: { readonly chain: SharedChain; readonly clock: Clock; readonly logger: Logger };
  readonly #times: LookingTimes;
  readonly #listeners = new Set<Listener>();
  #tips: ChainTips;
  /** What has happened since the last look, oldest first. */
  #news: News[] = [];
  #telling: Promise<void> = Promise.resolve();
  #cancelLook: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(
    dependencies: { readonly chain: SharedChain; readonly clock: Clock; readonly logger: Logger },
    times: LookingTimes,
  ) {
    this.#dependencies = dependencies;
    this.#times = times;
    this.#tips = dependencies.chain.archiver.tips();
  }

  async start(): Promise<void> {
    const { archiver } = this.#dependencies.chain;
    this.#tips = archiver.tips();
    this.#unsubscribe ??= archiver.subscribe(event => this.#hear(event));
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    this.#news = [];
    await this.#telling;
  }

  async poll(): Promise<void> {
    await this.#dependencies.chain.archiver.poll();
    this.#look();
    await this.#telling;
  }

  tips(): ChainTips {
    return this.#tips;
  }

  /** False also while blocks that it has seen are being removed. */
  synced(): boolean {
    const { archiver } = this.#dependencies.chain;
    return archiver.synced() && archiver.tips().pending.number >= this.#tips.pending.number;
  }

  trouble(): ChainTrouble | undefined {
    return this.#dependencies.chain.archiver.trouble();
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async block(number: BlockNumber): Promise<L2Block | undefined> {
    return number > this.#tips.pending.number ? undefined : this.#dependencies.chain.archiver.block(number);
  }

  async l1Position(number: BlockNumber): Promise<L1Position | undefined> {
    return number > this.#tips.pending.number ? undefined : this.#dependencies.chain.archiver.l1Position(number);
  }

  async minedTx(txHash: Field): Promise<MinedTx | undefined> {
    const mined = await this.#dependencies.chain.archiver.minedTx(txHash);
    return mined === undefined || mined.block.number > this.#tips.pending.number ? undefined : mined;
  }

  messages(number: BlockNumber): Promise<readonly Field[]> {
    return this.#dependencies.chain.archiver.messages(number);
  }

  async nextMessageBlock(): Promise<BlockNumber | undefined> {
    const { archiver } = this.#dependencies.chain;
    const shared = archiver.tips().pending.number;
    for (let number = this.#tips.pending.number + 1; number <= shared; number++)
      if ((await archiver.messages(number as BlockNumber)).length > 0) return number as BlockNumber;
    return archiver.nextMessageBlock();
  }

  messageIndex(hash: Field): Promise<bigint | undefined> {
    return this.#dependencies.chain.archiver.messageIndex(hash);
  }

  #hear(event: ChainEvent): Promise<void> | void {
    const tips = this.#dependencies.chain.archiver.tips();
    this.#news.push({ event, tips });
    // States below the finalized block are not kept: who would still look at one looks now.
    if (event.type !== "blocks-removed" && tips.finalized.number <= this.#tips.pending.number) return this.#plan();
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    this.#look();
    // What is removed has been told when the shared chain goes on.
    return this.#telling;
  }

  /** Looks at its next time. */
  #plan(): void {
    if (this.#cancelLook !== undefined || this.#news.length === 0) return;
    const { everyMs, phaseMs } = this.#times;
    const since = (this.#dependencies.clock.steadyMs() - phaseMs) % everyMs;
    this.#cancelLook = this.#dependencies.clock.schedule(everyMs - (since < 0 ? since + everyMs : since), () => {
      this.#cancelLook = undefined;
      this.#look();
    });
  }

  #look(): void {
    const news = this.#news.splice(0);
    const last = news.at(-1);
    if (last === undefined) return;
    this.#tips = last.tips;
    this.#telling = this.#telling.then(() => this.#tell(news));
  }

  async #tell(news: readonly News[]): Promise<void> {
    for (const { event } of news)
      for (const listener of [...this.#listeners]) {
        if (!this.#listeners.has(listener)) continue;
        try {
          await listener(event);
        } catch (error) {
          this.#dependencies.logger.error("a listener to chain events failed: this is a bug, please report it", {
            event: event.type,
            reason: messageOf(error),
          });
        }
      }
  }
}

/** The part of a chain that is shared. */
export type SharedChain = Pick<ChainParts, "archiver" | "worldState">;

/** The shared state as a view of the chain sees it: nothing above its own tip. */
export class LaggedState implements StateForks, StateViews {
  constructor(
    private readonly shared: StateForks & StateViews,
    private readonly view: Pick<LaggedChain, "tips">,
  ) {}

  readonly lookups = { anchorBlock: (root: Field) => this.anchorBlock(root) };

  /** At the view's tip, or, while a chain that catches up keeps that state no more, at the shared one's. */
  latest(): StateView {
    try {
      return this.shared.at(this.view.tips().pending.number);
    } catch (error) {
      if (codeOf(error) === WorldStateErrorCode.NOT_KEPT) return this.shared.latest();
      throw error;
    }
  }

  at(block: BlockNumber): StateView {
    return this.shared.at(block);
  }

  anchorBlock(noteHashRoot: Field): BlockNumber | undefined {
    const block = this.shared.anchorBlock(noteHashRoot);
    return block === undefined || block > this.view.tips().pending.number ? undefined : block;
  }

  forkAt(block: BlockNumber): ReturnType<StateForks["forkAt"]> {
    return this.shared.forkAt(block);
  }

  forkOn(archive: Field): ReturnType<StateForks["forkOn"]> {
    return this.shared.forkOn(archive);
  }

  keep(...executed: Parameters<StateForks["keep"]>): void {
    this.shared.keep(...executed);
  }

  referenceAt(block: BlockNumber): ReturnType<StateForks["referenceAt"]> {
    return this.shared.referenceAt(block);
  }
}
