import type { Bytes32, Epoch, EthAddress, Slot } from "@sprtn/primitives";
import { drawCommittee, proposerOf } from "./committee.js";
import { epochOf } from "./time.js";

/**
 * Where sets and seeds come from: L1, or a simulation. Each throws ConsensusError NOT_FIXED for an epoch of which it
 * may still say something else later, so that nothing is kept that is not final.
 */
export interface SetSource {
  validatorsAt(epoch: Epoch): Promise<readonly EthAddress[]>;
  seedOf(epoch: Epoch): Promise<Bytes32>;
}

/**
 * The committees of epochs, drawn once each: what a source gives is fixed (SET-3, SEED-1) unless L1 reorganises, after
 * which {@link clear} must be called. An epoch that is not fixed yet is refused, and nothing of it is kept.
 */
export class EpochCommittees {
  readonly #cache = new Map<Epoch, Promise<readonly EthAddress[]>>();

  readonly #dependencies: { readonly source: SetSource };

  constructor(
    dependencies: { readonly source: SetSource },
    private readonly settings: {
      readonly committeeSize: number;
      readonly epochDuration: number;
      /** Epochs that are remembered at a time, 8 unless told. */
      readonly cachedEpochs?: number;
    },
  ) {
    this.#dependencies = dependencies;
  }

  /**
   * In committee order; empty when the epoch's set is empty (COM-4).
   * @throws ConsensusError NOT_FIXED
   */
  committeeAt(epoch: Epoch): Promise<readonly EthAddress[]> {
    const cached = this.#cache.get(epoch);
    if (cached !== undefined) return cached;
    const drawn = this.#draw(epoch);
    this.#cache.set(epoch, drawn);
    drawn.catch(() => {
      // Another may have been drawn since, after a clear.
      if (this.#cache.get(epoch) === drawn) this.#cache.delete(epoch);
    });
    const [oldest = epoch] = this.#cache.keys();
    if (this.#cache.size > (this.settings.cachedEpochs ?? 8)) this.#cache.delete(oldest);
    return drawn;
  }

  committeeOfSlot(slot: Slot): Promise<readonly EthAddress[]> {
    return this.committeeAt(epochOf(this.settings, slot));
  }

  async proposerAt(slot: Slot): Promise<EthAddress | undefined> {
    return proposerOf(slot, await this.committeeOfSlot(slot));
  }

  /** Forgets what was drawn, also what is being drawn: after an L1 reorg, which may have changed a randao. */
  clear(): void {
    this.#cache.clear();
  }

  async #draw(epoch: Epoch): Promise<readonly EthAddress[]> {
    const { source } = this.#dependencies;
    const [validators, seed] = await Promise.all([source.validatorsAt(epoch), source.seedOf(epoch)]);
    return drawCommittee(seed, validators, this.settings.committeeSize);
  }
}
