import { BlockNumber, type Field } from "@sprtn/primitives";
import type { BlockSource } from "@sprtn/ports";
import { type Deployment, genesisAccumulator, nextAccumulator } from "@sprtn/protocol";
import { ProverError, ProverErrorCode } from "./prover-error.js";

/** An accumulator, with the block it belongs to. */
interface Accumulated {
  readonly number: number;
  readonly headerHash: Field;
  readonly accumulator: Field;
}

/** The accumulators of the pending chain: each from the last one computed, if that block is still the chain's. */
export class Accumulators {
  readonly #genesis: Accumulated;
  #last: Accumulated;

  constructor(
    private readonly blocks: Pick<BlockSource, "block">,
    deployment: Deployment,
  ) {
    const accumulator = genesisAccumulator(deployment, deployment.genesis.header);
    this.#genesis = this.#last = { number: 0, headerHash: 0n as Field, accumulator };
  }

  /**
   * The accumulator after block `number`.
   * @throws ProverError DISAGREES if the chain loses blocks meanwhile
   */
  async at(number: number): Promise<Field> {
    if (!(await this.#stands(number))) this.#last = this.#genesis;
    while (this.#last.number < number) {
      const next = BlockNumber(this.#last.number + 1);
      const block = await this.blocks.block(next);
      if (block === undefined)
        throw new ProverError(
          ProverErrorCode.DISAGREES,
          `block ${next} was removed while its accumulator was being computed: it will be tried again`,
          { block: next },
        );
      const accumulator = nextAccumulator(this.#last.accumulator, block.headerHash);
      this.#last = { number: next, headerHash: block.headerHash, accumulator };
    }
    return this.#last.accumulator;
  }

  async #stands(number: number): Promise<boolean> {
    const last = this.#last;
    if (last.number > number) return false;
    return last.number === 0 || (await this.blocks.block(BlockNumber(last.number)))?.headerHash === last.headerHash;
  }
}
