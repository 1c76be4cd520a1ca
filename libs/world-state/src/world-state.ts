import { KvNodeStore, type PutBatch, type TreeChanges, TreeError } from "@sprtn/merkle-trees";
import { BlockNumber, concatBytes, type Field, type FieldHasher, messageOf } from "@sprtn/primitives";
import type { BlockToApply, KvStore, Logger, StateForks, StateStore, StateView, StateViews } from "@sprtn/ports";
import type { L2Block, StateReference } from "@sprtn/protocol";
import {
  applyBlock,
  applyGenesis,
  type PerTree,
  perTree,
  RollupState,
  StateError,
  type StateFork,
  treeNames,
} from "@sprtn/state-transition";
import { applyInBulk } from "./apply-in-bulk.js";
import { KeptStateView } from "./kept-state-view.js";
import { type BlockState, StateRepository } from "./state-repository.js";
import { VersionedTree } from "./versioned-tree.js";
import { WorldStateError, WorldStateErrorCode } from "./world-state-error.js";

export interface WorldStateDependencies {
  readonly store: KvStore;
  readonly hasher: FieldHasher;
  readonly logger: Logger;
}

export interface WorldStateSettings {
  /** Genesis block of the deployment: what the empty trees must lead to. */
  readonly genesis: L2Block;
  /** In front of every key in the store. */
  readonly prefix: Uint8Array;
  /** Executed blocks kept for {@link WorldState.keep}. */
  readonly keptBlocks?: number;
}

interface KeptBlock {
  readonly parent: Field;
  readonly changes: PerTree<TreeChanges>;
  readonly state: BlockState;
  readonly fork: StateFork;
}

/**
 * The five trees of a node. On disk is the state of the finalized block, written in one batch with its records
 * (STATE-3); the blocks above it are in memory, by block, and come again from the
 * archiver's store after a restart.
 */
export class WorldState implements StateStore, StateViews, StateForks {
  readonly #disk: PerTree<KvNodeStore>;
  readonly #trees: PerTree<VersionedTree>;
  readonly #repository: StateRepository;
  /** Blocks above the durable one, oldest first. */
  readonly #unsettled: BlockState[] = [];
  readonly #kept = new Map<Field, KeptBlock>();
  readonly #anchors = new Map<Field, BlockNumber>();
  #durable: BlockNumber;
  #durableArchive: Field;

  private constructor(
    private readonly dependencies: WorldStateDependencies,
    private readonly settings: WorldStateSettings,
    durable: BlockNumber,
  ) {
    const { store } = dependencies;
    this.#repository = new StateRepository(store, settings.prefix);
    this.#disk = perTree(
      name =>
        new KvNodeStore(
          { kv: store },
          { prefix: concatBytes(settings.prefix, Uint8Array.of(treeNames.indexOf(name))) },
        ),
    );
    this.#trees = perTree(name => new VersionedTree(this.#disk[name]));
    this.#durable = durable;
    this.#durableArchive = settings.genesis.archive;
  }

  /**
   * Opens the trees at the last finalized block; an empty store gets the genesis state.
   * @throws WorldStateError WRONG_GENESIS, CORRUPT
   */
  static async open(dependencies: WorldStateDependencies, settings: WorldStateSettings): Promise<WorldState> {
    const durable = new StateRepository(dependencies.store, settings.prefix).tip();
    const state = new WorldState(dependencies, settings, durable ?? BlockNumber(0));
    if (durable === undefined) await state.#writeGenesis();
    else state.#checkDurable(durable);
    return state;
  }

  tip(): { readonly number: BlockNumber; readonly archive: Field } {
    return this.#unsettled.at(-1) ?? { number: this.#durable, archive: this.#durableArchive };
  }

  oldest(): BlockNumber {
    return this.#durable;
  }

  async apply(block: L2Block, messages: readonly Field[]): Promise<void> {
    const kept = this.#kept.get(block.archive);
    if (
      kept !== undefined &&
      kept.parent === this.tip().archive &&
      kept.state.number === block.header.number &&
      block.header.number === this.tip().number + 1
    ) {
      this.#push(kept.state, kept.changes);
      return;
    }
    const fork = this.forkAt(this.tip().number);
    rejecting(block, () => applyBlock(fork, block, messages));
    this.#push(stateOf(block, fork), fork.changes());
  }

  async applyFinalized(blocks: readonly BlockToApply[]): Promise<void> {
    const last = blocks.at(-1);
    if (last === undefined) return;
    if (this.#unsettled.length > 0) await this.finalize(this.tip().number);
    const fork = this.forkAt(this.#durable);
    const states = rejecting(last.block, () => applyInBulk(fork, blocks));
    const changes = fork.changes();
    for (const name of treeNames) {
      this.#trees[name].push(last.block.header.number, changes[name]);
      this.#trees[name].settle(last.block.header.number);
    }
    await this.#writeDurable(states);
    for (const name of treeNames) this.#trees[name].forget(last.block.header.number);
  }

  async unwind(to: BlockNumber): Promise<void> {
    if (to < this.#durable || to > this.tip().number) throw notKept(to, this.#durable, this.tip().number);
    while (this.tip().number > to) {
      const state = this.#unsettled.pop() as BlockState;
      if (this.#anchors.get(state.noteHashRoot) === state.number) this.#anchors.delete(state.noteHashRoot);
      for (const name of treeNames) this.#trees[name].forget(state.number);
    }
  }

  async finalize(number: BlockNumber): Promise<void> {
    const settling = this.#unsettled.filter(state => state.number <= number);
    if (settling.length === 0) return;
    for (const state of settling) for (const name of treeNames) this.#trees[name].settle(state.number);
    await this.#writeDurable(settling);
    this.#unsettled.splice(0, settling.length);
    for (const state of settling) {
      this.#anchors.delete(state.noteHashRoot);
      for (const name of treeNames) this.#trees[name].forget(state.number);
    }
    for (const state of this.#unsettled)
      if (!this.#anchors.has(state.noteHashRoot)) this.#anchors.set(state.noteHashRoot, state.number);
    for (const [archive, kept] of this.#kept) if (kept.state.number <= number) this.#kept.delete(archive);
  }

  latest(): StateView {
    return this.at(this.tip().number);
  }

  at(block: BlockNumber): StateView {
    return new KeptStateView(block, this.#stateAt(block));
  }

  anchorBlock(noteHashRoot: Field): BlockNumber | undefined {
    return this.#repository.anchorBlock(noteHashRoot) ?? this.#anchors.get(noteHashRoot);
  }

  readonly lookups = { anchorBlock: (noteHashRoot: Field) => this.anchorBlock(noteHashRoot) };

  forkAt(block: BlockNumber): StateFork {
    return this.#stateAt(block).fork();
  }

  forkOn(archive: Field): StateFork | undefined {
    return this.#kept.get(archive)?.fork.fork();
  }

  keep(block: L2Block, fork: StateFork): void {
    this.#kept.set(block.archive, {
      parent: block.header.lastArchive,
      changes: fork.changes(),
      state: stateOf(block, fork),
      fork,
    });
    const surplus = this.#kept.size - (this.settings.keptBlocks ?? 16);
    for (const archive of [...this.#kept.keys()].slice(0, Math.max(0, surplus))) this.#kept.delete(archive);
  }

  referenceAt(block: BlockNumber): StateReference | undefined {
    return this.#unsettled.find(state => state.number === block)?.reference ?? this.#repository.reference(block);
  }

  #stateAt(block: BlockNumber): RollupState {
    if (block < this.#durable || block > this.tip().number) throw notKept(block, this.#durable, this.tip().number);
    return new RollupState({ stores: perTree(name => this.#trees[name].at(block)), hasher: this.dependencies.hasher });
  }

  #push(state: BlockState, changes: PerTree<TreeChanges>): void {
    for (const name of treeNames) this.#trees[name].push(state.number, changes[name]);
    this.#unsettled.push(state);
    if (!this.#anchors.has(state.noteHashRoot)) this.#anchors.set(state.noteHashRoot, state.number);
  }

  /** STATE-3: trees and records in one batch, on disk before it counts. */
  async #writeDurable(states: readonly BlockState[]): Promise<void> {
    const batches: PutBatch[] = treeNames.map(name => this.#disk[name].takePuts());
    await this.dependencies.store.write([...batches.flatMap(batch => batch.puts), ...this.#repository.record(states)], {
      sync: true,
    });
    for (const batch of batches) batch.done();
    const last = states.at(-1);
    if (last !== undefined) {
      this.#durable = last.number;
      this.#durableArchive = last.archive;
    }
  }

  async #writeGenesis(): Promise<void> {
    const { genesis } = this.settings;
    const state = new RollupState({ stores: this.#disk, hasher: this.dependencies.hasher });
    const made = applyGenesis(state, {
      genesisTime: genesis.header.timestamp,
      initialBaseFees: genesis.header.baseFees,
    });
    if (made.archive !== genesis.archive) {
      throw new WorldStateError(
        WorldStateErrorCode.WRONG_GENESIS,
        "the deployment's genesis is not that of empty trees: this node's version does not fit the deployment",
      );
    }
    await this.#writeDurable([stateOf(genesis, state)]);
  }

  #checkDurable(durable: BlockNumber): void {
    const archive = this.#repository.archive(durable);
    const root = this.#stateAt(durable).archiveRoot();
    if (archive !== root)
      throw new WorldStateError(
        WorldStateErrorCode.CORRUPT,
        `the trees on disk are not those of block ${durable}: delete the data directory and sync again`,
      );
    this.#durableArchive = archive;
    this.dependencies.logger.verbose("world state opened", { block: durable });
  }
}

function stateOf(block: L2Block, state: RollupState): BlockState {
  const reference = state.reference();
  return { number: block.header.number, archive: block.archive, noteHashRoot: reference.noteHashes.root, reference };
}

function notKept(block: BlockNumber, oldest: BlockNumber, tip: BlockNumber): WorldStateError {
  return new WorldStateError(
    WorldStateErrorCode.NOT_KEPT,
    `the state of block ${block} is not kept: ask for one of ${oldest} to ${tip}`,
  );
}

/** Runs what judges a block: what the trees refuse is the block's fault (PEND-8). */
function rejecting<T>(block: L2Block, judge: () => T): T {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof StateError || error instanceof TreeError)) throw error;
    throw new WorldStateError(
      WorldStateErrorCode.BLOCK_REJECTED,
      `block ${block.header.number} is not followed (${error.code}: ${messageOf(error)})`,
      { rejected: block.header.number, reason: error.code },
      { cause: error },
    );
  }
}
