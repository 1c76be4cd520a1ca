import { type Field, type FieldHasher, fieldFromBytes } from "@sprtn/primitives";
import {
  AppendOnlyTree,
  type MerkleTree,
  type NodeStore,
  NullifierTree,
  OverlayNodeStore,
  packFields,
  PublicDataTree,
  type TreeChanges,
} from "@sprtn/merkle-trees";
import {
  archiveLeaf,
  balanceSlot,
  constants,
  DomainSeparator,
  hashState,
  type StateReference,
  type TreeSnapshot,
} from "@sprtn/protocol";

/** The five trees of `libs/protocol/spec/encoding.md`, by name. */
export const treeNames = ["messages", "noteHashes", "nullifiers", "publicData", "archive"] as const;
/** Which of the five trees. */
export type TreeName = (typeof treeNames)[number];

/** One of something for each tree. */
export type PerTree<T> = Readonly<Record<TreeName, T>>;

/** Calls `make` for each of the five trees, in the order of {@link treeNames}. */
export function perTree<T>(make: (name: TreeName) => T): PerTree<T> {
  return {
    messages: make("messages"),
    noteHashes: make("noteHashes"),
    nullifiers: make("nullifiers"),
    publicData: make("publicData"),
    archive: make("archive"),
  };
}

/**
 * The state of the rollup: the five trees over their stores. It holds nothing else, so a fork is a state over overlays
 * of the stores.
 */
export class RollupState {
  readonly messages: AppendOnlyTree;
  readonly noteHashes: AppendOnlyTree;
  readonly nullifiers: NullifierTree;
  readonly publicData: PublicDataTree;
  readonly archive: AppendOnlyTree;

  constructor(readonly dependencies: { readonly stores: PerTree<NodeStore>; readonly hasher: FieldHasher }) {
    const { stores, hasher } = dependencies;
    this.messages = new AppendOnlyTree({ store: stores.messages, hasher }, { depth: constants.MESSAGE_TREE_DEPTH });
    this.noteHashes = new AppendOnlyTree(
      { store: stores.noteHashes, hasher },
      { depth: constants.NOTE_HASH_TREE_DEPTH },
    );
    this.nullifiers = new NullifierTree(
      { store: stores.nullifiers, hasher },
      { depth: constants.NULLIFIER_TREE_DEPTH, leafSeparator: DomainSeparator.NULLIFIER_LEAF },
    );
    this.publicData = new PublicDataTree(
      { store: stores.publicData, hasher },
      { depth: constants.PUBLIC_DATA_TREE_DEPTH, leafSeparator: DomainSeparator.PUBLIC_DATA_LEAF },
    );
    this.archive = new AppendOnlyTree({ store: stores.archive, hasher }, { depth: constants.ARCHIVE_TREE_DEPTH });
  }

  get hasher(): FieldHasher {
    return this.dependencies.hasher;
  }

  /** STATE-1: the four trees that stateHash commits to. */
  reference(): StateReference {
    return {
      messages: snapshotOf(this.messages),
      noteHashes: snapshotOf(this.noteHashes),
      nullifiers: snapshotOf(this.nullifiers),
      publicData: snapshotOf(this.publicData),
    };
  }

  stateHash(): Field {
    return hashState(this.hasher, this.reference());
  }

  archiveRoot(): Field {
    return fieldFromBytes(this.archive.root());
  }

  /** Wei. */
  publicBalance(address: Field): bigint {
    return this.publicData.read(balanceSlot(this.hasher, address));
  }

  /** Appends a block's leaf; its index is the block's number. */
  appendArchive(block: { headerHash: Field; stateHash: Field; number: number; slot: number }): void {
    this.archive.append(packFields([archiveLeaf(this.hasher, block)]));
  }

  fork(): StateFork {
    return new StateFork(this);
  }
}

/** A state whose writes stay in memory until they are committed or dropped. */
export class StateFork extends RollupState {
  readonly #overlays: PerTree<OverlayNodeStore>;

  constructor(parent: RollupState) {
    const overlays = perTree(name => new OverlayNodeStore(parent.dependencies.stores[name]));
    super({ stores: overlays, hasher: parent.hasher });
    this.#overlays = overlays;
  }

  /** What was written here, tree by tree. */
  changes(): PerTree<TreeChanges> {
    return perTree(name => this.#overlays[name].changes());
  }

  /** Writes everything to the parent. */
  commit(): void {
    for (const name of treeNames) this.#overlays[name].commit();
  }
}

function snapshotOf(tree: MerkleTree): TreeSnapshot {
  const { root, nextIndex } = tree.snapshot();
  return { root: fieldFromBytes(root), nextIndex };
}
