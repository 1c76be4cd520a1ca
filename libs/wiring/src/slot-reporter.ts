import { counted, type Slot } from "@sprtn/primitives";
import { epochOf, slotAt } from "@sprtn/consensus";
import type { BlockSource, Clock, Logger, Service } from "@sprtn/ports";
import type { Deployment, L2Block } from "@sprtn/protocol";
import { Loop, unixSeconds } from "@sprtn/runtime";

/** One line per slot: what happened in the slot, and the tips of the three chains. */
export class SlotReporter implements Service {
  readonly #loop: Loop;
  readonly #unsubscribe: () => void;
  #slot: Slot | undefined;
  #blocks: L2Block[] = [];
  #news: string[] = [];

  readonly #dependencies: { readonly blocks: BlockSource; readonly clock: Clock; readonly logger: Logger };

  constructor(
    dependencies: { readonly blocks: BlockSource; readonly clock: Clock; readonly logger: Logger },
    private readonly settings: { readonly deployment: Deployment },
  ) {
    this.#dependencies = dependencies;
    const { blocks, clock, logger } = dependencies;
    this.#unsubscribe = blocks.subscribe(event => {
      if (event.type === "blocks-added") this.#blocks.push(...event.blocks);
      else if (event.type === "blocks-removed")
        this.#news.push(`${counted(event.removed.length, "block")} removed (${event.cause})`);
      else this.#news.push(`block ${event.tip.number} ${event.type}`);
    });
    this.#loop = new Loop(
      { clock, step: async () => this.#look(), onError: error => logger.error("the slot reporter failed", { error }) },
      { intervalMs: 200 },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    this.#unsubscribe();
    await this.#loop.stop();
  }

  #look(): void {
    const { parameters, proofMode } = this.settings.deployment;
    const now = unixSeconds(this.#dependencies.clock);
    if (now < parameters.genesisTime) return;
    const slot = slotAt(parameters, now);
    const previous = this.#slot;
    this.#slot = slot;
    if (previous === undefined || previous === slot) return;
    const { pending, proven, finalized } = this.#dependencies.blocks.tips();
    const blocks = this.#blocks.map(block => `block ${block.header.number} (${counted(block.effects.length, "tx")})`);
    const line = [
      `slot ${previous} of epoch ${epochOf(parameters, previous)}`,
      blocks.length > 0 ? blocks.join(", ") : this.#dependencies.blocks.synced() ? "empty" : "not in sync with L1",
      `pending ${pending.number}, proven ` +
        `${proven.number}${proofMode === "simulated" ? " (simulated proofs)" : ""}, finalized ${finalized.number}`,
      ...this.#news,
    ];
    this.#dependencies.logger.info(line.join(" · "));
    this.#blocks = [];
    this.#news = [];
  }
}
