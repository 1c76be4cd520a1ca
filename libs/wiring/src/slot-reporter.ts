import { counted, type Slot } from "@sprtn/primitives";
import { epochOf, slotAt } from "@sprtn/consensus";
import type { BlockSource, ChainEvent, Clock, Logger, Service } from "@sprtn/ports";
import type { Deployment } from "@sprtn/protocol";
import { Loop, unixSeconds } from "@sprtn/runtime";

/** Blocks of a slot that are named one by one. A node that joins gets the whole chain within one: that is summed up. */
const NAMED = 3;

/** What the line says of a block; the block itself would be held for a whole slot. */
interface SeenBlock {
  readonly number: number;
  readonly txs: number;
}

/** One line per slot: what happened in the slot, and the tips of the three chains. */
export class SlotReporter implements Service {
  readonly #loop: Loop;
  readonly #unsubscribe: () => void;
  #slot: Slot | undefined;
  #blocks: SeenBlock[] = [];
  #removed = new Map<string, number>();
  /** The newest block of each chain that moved, the chain that moved last at the end. */
  #moved = new Map<string, number>();

  readonly #dependencies: { readonly blocks: BlockSource; readonly clock: Clock; readonly logger: Logger };

  constructor(
    dependencies: { readonly blocks: BlockSource; readonly clock: Clock; readonly logger: Logger },
    private readonly settings: { readonly deployment: Deployment },
  ) {
    this.#dependencies = dependencies;
    const { blocks, clock, logger } = dependencies;
    this.#unsubscribe = blocks.subscribe(event => this.#note(event));
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

  #note(event: ChainEvent): void {
    if (event.type === "blocks-added") {
      for (const { header, effects } of event.blocks) this.#blocks.push({ number: header.number, txs: effects.length });
    } else if (event.type === "blocks-removed") {
      this.#removed.set(event.cause, (this.#removed.get(event.cause) ?? 0) + event.removed.length);
    } else {
      this.#moved.delete(event.type);
      this.#moved.set(event.type, event.tip.number);
    }
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
    const line = [
      `slot ${previous} of epoch ${epochOf(parameters, previous)}`,
      this.#blocks.length > 0
        ? said(this.#blocks)
        : this.#dependencies.blocks.synced()
          ? "empty"
          : "not in sync with L1",
      `pending ${pending.number}, proven ` +
        `${proven.number}${proofMode === "simulated" ? " (simulated proofs)" : ""}, finalized ${finalized.number}`,
      ...[...this.#removed].map(([cause, count]) => `${counted(count, "block")} removed (${cause})`),
      ...[...this.#moved].map(([chain, number]) => `block ${number} ${chain}`),
    ];
    this.#dependencies.logger.info(line.join(" · "));
    this.#blocks = [];
    this.#removed.clear();
    this.#moved.clear();
  }
}

function said(blocks: readonly SeenBlock[]): string {
  if (blocks.length <= NAMED)
    return blocks.map(({ number, txs }) => `block ${number} (${counted(txs, "tx")})`).join(", ");
  const txs = blocks.reduce((sum, block) => sum + block.txs, 0);
  return `${blocks.length} blocks up to block ${blocks.at(-1)!.number} (${counted(txs, "tx")})`;
}
