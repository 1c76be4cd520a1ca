import { KvNodeStore, type TreeChanges } from "@sprtn/merkle-trees";
import { BlockNumber, concatBytes, type Field, type FieldHasher } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import { type PerTree, perTree, RollupState, treeNames } from "@sprtn/state-transition";
import { type BlockState, StateRepository } from "./state-repository.js";
import { WorldStateError, WorldStateErrorCode } from "./world-state-error.js";

export interface DurableStateDependencies {
  readonly store: KvStore;
  readonly hasher: FieldHasher;
}

/**
 * The state of the finalized block as it is on disk. It moves when a write has succeeded, never before; after one that
 * failed, which may be on disk all the same, it is to be opened again.
 */
export class DurableState {
  readonly repository: StateRepository;
  readonly trees: PerTree<KvNodeStore>;
  #tip: { readonly number: BlockNumber; readonly archive: Field } | undefined;

  readonly #dependencies: DurableStateDependencies;

  /** @throws WorldStateError CORRUPT, and what the store throws */
  constructor(dependencies: DurableStateDependencies, settings: { readonly prefix: Uint8Array }) {
    this.#dependencies = dependencies;
    const { store, hasher } = dependencies;
    const { prefix } = settings;
    this.repository = new StateRepository(store, prefix);
    this.trees = perTree(
      name => new KvNodeStore({ kv: store }, { prefix: concatBytes(prefix, Uint8Array.of(treeNames.indexOf(name))) }),
    );
    const number = this.repository.tip();
    if (number === undefined) return;
    const archive = this.repository.archive(number);
    if (archive !== new RollupState({ stores: this.trees, hasher }).archiveRoot())
      throw new WorldStateError(
        WorldStateErrorCode.CORRUPT,
        `the trees on disk are not those of block ${number}: delete the data directory and sync again`,
      );
    this.#tip = { number, archive };
  }

  /** Nothing for an empty store. */
  get tip(): { readonly number: BlockNumber; readonly archive: Field } | undefined {
    return this.#tip;
  }

  /**
   * STATE-3: trees and records in one batch, on disk before it counts.
   * @param changes of each tree, from what is on disk to the last of `states`
   */
  async write(states: readonly BlockState[], changes: PerTree<readonly TreeChanges[]>): Promise<void> {
    const batches = treeNames.map(name => this.trees[name].stage(changes[name]));
    await this.#dependencies.store.write([...batches.flatMap(batch => batch.puts), ...this.repository.record(states)], {
      sync: true,
    });
    for (const batch of batches) batch.done();
    const last = states.at(-1);
    if (last !== undefined) this.#tip = { number: last.number, archive: last.archive };
  }
}
