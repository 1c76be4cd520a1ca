import { codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, Logger } from "@sprtn/ports";
import type { Deployment, L2Block } from "@sprtn/protocol";
import { OngoingTrouble, startDeadline } from "@sprtn/runtime";
import type { BlockWitness } from "@sprtn/state-transition";
import { gatherWitness, type WitnessDependencies } from "./witness-source.js";

/** How long a block's transactions are looked for at peers before the next look at the chain. */
const GATHERING_MS = 10_000;

/** Witnesses of pending blocks, as far as they can be had by now. */
export class BlockWitnesses {
  readonly #waiting = new OngoingTrouble();

  readonly #dependencies: WitnessDependencies & { readonly clock: Clock; readonly logger: Logger };

  constructor(
    dependencies: WitnessDependencies & { readonly clock: Clock; readonly logger: Logger },
    private readonly deployment: Deployment,
  ) {
    this.#dependencies = dependencies;
  }

  /**
   * Undefined for a block that cannot be proven yet: its transactions are missing. The reason is logged once per block.
   */
  async of(block: L2Block, signal: AbortSignal): Promise<BlockWitness | undefined> {
    const { clock, logger } = this.#dependencies;
    const deadline = startDeadline({ clock, delayMs: GATHERING_MS, signal });
    try {
      const witness = await gatherWitness(this.#dependencies, { deployment: this.deployment, block }, deadline.signal);
      this.#waiting.end();
      return witness;
    } catch (error) {
      if (!signal.aborted && this.#waiting.isNew(`${block.header.number}`))
        logger.warn("the prover cannot continue for now", { code: codeOf(error), reason: messageOf(error) });
      return undefined;
    } finally {
      deadline.clear();
    }
  }
}
