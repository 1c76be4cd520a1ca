import { OverlayNodeStore, type TreeChanges } from "@sprtn/merkle-trees";
import { BlockNumber, codeOf, type Field, type FieldHasher } from "@sprtn/primitives";
import type { BlockToApply, KvStore, Logger, StateForks, StateStore, StateView, StateViews } from "@sprtn/ports";
import type { L2Block, StateReference } from "@sprtn/protocol";
import {
  applyBlock,
  applyGenesis,
  type PerTree,
  perTree,
  RollupState,
  type StateFork,
  treeNames,
} from "@sprtn/state-transition";
import { applyInBulk } from "./apply-in-bulk.js";
import { DurableState } from "./durable-state.js";
import { isFaultOfBlock, rejected } from "./judge.js";
import { KeptStateView } from "./kept-state-view.js";
import type { BlockState } from "./state-repository.js";
import { VersionedTree } from "./versioned-tree.js";
import { WorldStateError, WorldStateErrorCode } from "./world-state-error.js";

/** The store of the finalized state, and the hash of the trees. */
export interface WorldStateDependencies {
  readonly store: KvStore;
  readonly hasher: FieldHasher;
  readonly logger: Logger;
}

/** The genesis block, the place in the store, and how many executed blocks are kept. */
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
 * (STATE-3); the blocks above it are in memory, by block, and come again from the archiver's store after a restart.
 * Memory moves after the write that it depends on. After a write that failed, the disk is read again before anything
 * else: the write may be there or not.
 */
export class WorldState implements StateStore, StateViews, StateForks {
  readonly #trees: PerTree<VersionedTree>;
  /** Blocks above the durable one, oldest first. */
  readonly #unsettled: BlockState[] = [];
  readonly #kept = new Map<Field, KeptBlock>();
  readonly #anchors = new Map<Field, BlockNumber>();
  #durable: DurableState;
  /** A write failed: what is on disk is not known. */
  #uncertain = false;

  readonly #dependencies: WorldStateDependencies;

  private constructor(
    dependencies: WorldStateDependencies,
    private readonly settings: WorldStateSettings,
  ) {
    this.#dependencies = dependencies;
    const durable = new DurableState(dependencies, settings);
    this.#durable = durable;
    this.#trees = perTree(name => new VersionedTree(durable.trees[name]));
  }

  /**
   * Opens the trees at the last finalized block; an empty store gets the genesis state.
   * @throws WorldStateError WRONG_GENESIS, CORRUPT
   */
  static async open(dependencies: WorldStateDependencies, settings: WorldStateSettings): Promise<WorldState> {
    const state = new WorldState(dependencies, settings);
    const { tip } = state.#durable;
    if (tip === undefined) await state.#writeGenesis();
    else dependencies.logger.verbose("world state opened", { block: tip.number });
    return state;
  }

  tip(): { readonly number: BlockNumber; readonly archive: Field } {
    const durable = this.#durableTip();
    return this.#unsettled.at(-1) ?? durable;
  }

  oldest(): BlockNumber {
    return this.#durableTip().number;
  }

  async apply(block: L2Block, messages: readonly Field[]): Promise<void> {
    const tip = this.tip();
    this.#requireNext(block);
    const kept = this.#kept.get(block.archive);
    if (kept !== undefined && kept.parent === tip.archive && kept.state.number === block.header.number)
      return this.#push(kept.state, kept.changes);
    const fork = this.#judge({ block, on: tip.number }, applied => {
      applyBlock(applied, block, messages);
      return applied;
    });
    this.#push(stateOf(block, fork), fork.changes());
  }

  async applyFinalized(blocks: readonly BlockToApply[]): Promise<void> {
    const [first, last] = [blocks[0]?.block, blocks.at(-1)?.block];
    if (first === undefined || last === undefined) return;
    this.#requireNext(first);
    if (this.#unsettled.length > 0) await this.finalize(this.tip().number);
    const { fork, states } = this.#judge({ block: last, on: this.oldest() }, applied => ({
      states: applyInBulk(applied, blocks),
      fork: applied,
    }));
    const changes = fork.changes();
    await this.#write(
      states,
      perTree(name => [changes[name]]),
    );
  }

  async unwind(to: BlockNumber): Promise<void> {
    this.#requireKept(to);
    while (this.tip().number > to) this.#pop();
  }

  async finalize(number: BlockNumber): Promise<void> {
    this.#requireCertain();
    const settling = this.#unsettled.filter(state => state.number <= number);
    if (settling.length === 0) return;
    await this.#write(
      settling,
      perTree(name => settling.flatMap(state => this.#trees[name].changesOf(state.number) ?? [])),
    );
    this.#settle(settling.length);
  }

  latest(): StateView {
    return this.at(this.tip().number);
  }

  at(block: BlockNumber): StateView {
    return new KeptStateView(block, this.#stateAt(block));
  }

  anchorBlock(noteHashRoot: Field): BlockNumber | undefined {
    this.#requireCertain();
    return this.#durable.repository.anchorBlock(noteHashRoot) ?? this.#anchors.get(noteHashRoot);
  }

  readonly lookups = { anchorBlock: (noteHashRoot: Field) => this.anchorBlock(noteHashRoot) };

  forkAt(block: BlockNumber): StateFork {
    return this.#stateAt(block).fork();
  }

  forkOn(archive: Field): StateFork | undefined {
    this.#requireCertain();
    return this.#stands(archive) ? this.#kept.get(archive)?.fork.fork() : undefined;
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
    this.#requireCertain();
    const unsettled = this.#unsettled.find(state => state.number === block);
    return unsettled?.reference ?? this.#durable.repository.reference(block);
  }

  #durableTip(): { readonly number: BlockNumber; readonly archive: Field } {
    this.#requireCertain();
    return this.#durable.tip ?? { number: BlockNumber(0), archive: this.settings.genesis.archive };
  }

  #stateAt(block: BlockNumber): RollupState {
    this.#requireKept(block);
    const archive = this.#archiveAt(block);
    const require = () => {
      if (archive === undefined || this.#archiveAt(block) === archive || block <= (this.#durable.tip?.number ?? 0))
        return;
      throw new WorldStateError(
        WorldStateErrorCode.OUT_OF_STEP,
        `the state of block ${block} was reverted while it was in use, for example by an L1 reorg: fork it again`,
      );
    };
    return new RollupState({
      stores: perTree(name => this.#trees[name].at(block, require)),
      hasher: this.#dependencies.hasher,
    });
  }

  /** Of a block above the finalized one. */
  #archiveAt(block: BlockNumber): Field | undefined {
    const oldest = this.#unsettled[0]?.number;
    return oldest === undefined ? undefined : this.#unsettled[block - oldest]?.archive;
  }

  /** Whether the state of an executed block is on top of states that are still there. */
  #stands(archive: Field): boolean {
    const kept = this.#kept.get(archive);
    if (kept === undefined) return false;
    const { parent } = kept;
    const durable = this.#durable.tip?.archive ?? this.settings.genesis.archive;
    return parent === durable || this.#unsettled.some(state => state.archive === parent) || this.#stands(parent);
  }

  #requireKept(block: BlockNumber): void {
    const [oldest, tip] = [this.oldest(), this.tip().number];
    if (block >= oldest && block <= tip) return;
    throw new WorldStateError(
      WorldStateErrorCode.NOT_KEPT,
      `the state of block ${block} is not kept: ask for a block from ${oldest} to ${tip}`,
    );
  }

  /** A block that does not follow this state's tip is not wrong for that. */
  #requireNext({ header }: L2Block): void {
    const { number, archive } = this.tip();
    if (header.number === number + 1 && header.lastArchive === archive) return;
    throw new WorldStateError(
      WorldStateErrorCode.OUT_OF_STEP,
      `the state is that of block ${number}, which block ${header.number} does not follow: bring the state to its ` +
        "parent first",
    );
  }

  /**
   * Runs what judges a block, and twice more before the block is blamed (PEND-8): on trees that are read from the disk
   * again, and on trees of which each node that is read is compared with those around it.
   * @throws WorldStateError BLOCK_REJECTED, OUT_OF_STEP; TreeError CORRUPT_STORE
   */
  #judge<T>({ block, on }: { readonly block: L2Block; readonly on: BlockNumber }, run: (fork: StateFork) => T): T {
    try {
      return run(this.forkAt(on));
    } catch (error) {
      if (!isFaultOfBlock(error)) throw error;
      this.#reopen();
      this.#requireOwnTip();
      try {
        const result = run(this.forkAt(on));
        this.#dependencies.logger.warn(
          "the trees in memory differed from those on disk: they have been read again, and the block is valid; " +
            "please report this",
          { block: block.header.number, code: codeOf(error) },
        );
        return result;
      } catch (again) {
        if (!isFaultOfBlock(again)) throw again;
      }
      try {
        return run(this.#auditedAt(on).fork());
      } catch (certain) {
        throw isFaultOfBlock(certain) ? rejected(block, certain) : certain;
      }
    }
  }

  #auditedAt(block: BlockNumber): RollupState {
    const state = this.#stateAt(block);
    return new RollupState({ stores: perTree(name => state[name].audited()), hasher: this.#dependencies.hasher });
  }

  /** What is in memory above the disk is dropped if it does not lead to the tip: it comes again from the archiver. */
  #requireOwnTip(): void {
    const tip = this.tip();
    const expected = this.referenceAt(tip.number);
    const state = this.#stateAt(tip.number);
    const right = expected === undefined || isSameReference(expected, state.reference());
    if (right && state.archiveRoot() === tip.archive) return;
    while (this.#unsettled.length > 0) this.#pop();
    this.#kept.clear();
    throw new WorldStateError(
      WorldStateErrorCode.OUT_OF_STEP,
      `the trees in memory are not those of block ${tip.number}: they will be read from disk again; report this if ` +
        "it happens again",
    );
  }

  #push(state: BlockState, changes: PerTree<TreeChanges>): void {
    for (const name of treeNames) this.#trees[name].push(state.number, changes[name]);
    this.#unsettled.push(state);
    if (!this.#anchors.has(state.noteHashRoot)) this.#anchors.set(state.noteHashRoot, state.number);
  }

  #pop(): void {
    const state = this.#unsettled.pop();
    if (state === undefined) return;
    if (this.#anchors.get(state.noteHashRoot) === state.number) this.#anchors.delete(state.noteHashRoot);
    for (const name of treeNames) this.#trees[name].forget(state.number);
  }

  async #write(states: readonly BlockState[], changes: PerTree<readonly TreeChanges[]>): Promise<void> {
    try {
      await this.#durable.write(states, changes);
    } catch (error) {
      this.#uncertain = true;
      throw error;
    }
  }

  /** The first `count` blocks are on disk. */
  #settle(count: number): void {
    const settled = this.#unsettled.splice(0, count);
    for (const state of settled) {
      this.#anchors.delete(state.noteHashRoot);
      for (const name of treeNames) this.#trees[name].forget(state.number);
    }
    for (const state of this.#unsettled)
      if (!this.#anchors.has(state.noteHashRoot)) this.#anchors.set(state.noteHashRoot, state.number);
    const oldest = settled.at(-1)?.number ?? 0;
    for (const [archive, kept] of this.#kept) if (kept.state.number <= oldest) this.#kept.delete(archive);
  }

  /**
   * After a failed write, nothing is reported or changed before the disk has been read. Throws what the store throws.
   */
  #requireCertain(): void {
    if (this.#uncertain) this.#reopen();
  }

  /** Reads the disk again, and keeps the part of memory that continues from there. */
  #reopen(): void {
    const durable = new DurableState(this.#dependencies, this.settings);
    const number = durable.tip?.number ?? 0;
    const moved = number > (this.#durable.tip?.number ?? 0);
    for (const name of treeNames) this.#trees[name].reopen(durable.trees[name]);
    this.#durable = durable;
    this.#uncertain = false;
    if (!moved) return;
    const settled = this.#unsettled.findIndex(
      state => state.number === number && state.archive === durable.tip?.archive,
    );
    if (settled >= 0) this.#settle(settled + 1);
    else while (this.#unsettled.length > 0) this.#pop();
  }

  async #writeGenesis(): Promise<void> {
    const { genesis } = this.settings;
    // Trees write their first leaf as they are made: into overlays, so that the disk's own stores stay as the disk is.
    const stores = perTree(name => new OverlayNodeStore(this.#durable.trees[name]));
    const state = new RollupState({ stores, hasher: this.#dependencies.hasher });
    const made = applyGenesis(state, {
      genesisTime: genesis.header.timestamp,
      initialBaseFees: genesis.header.baseFees,
    });
    if (made.archive !== genesis.archive) {
      throw new WorldStateError(
        WorldStateErrorCode.WRONG_GENESIS,
        "the deployment's genesis does not match empty trees: run the node version that the network was deployed with",
      );
    }
    await this.#write(
      [stateOf(genesis, state)],
      perTree(name => [stores[name].changes()]),
    );
  }
}

function stateOf(block: L2Block, state: RollupState): BlockState {
  const reference = state.reference();
  return { number: block.header.number, archive: block.archive, noteHashRoot: reference.noteHashes.root, reference };
}

function isSameReference(a: StateReference, b: StateReference): boolean {
  const names = ["messages", "noteHashes", "nullifiers", "publicData"] as const;
  return names.every(name => a[name].root === b[name].root && a[name].nextIndex === b[name].nextIndex);
}
