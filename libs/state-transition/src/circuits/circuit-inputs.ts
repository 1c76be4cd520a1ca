import type { EthAddress, Field } from "@sprtn/primitives";
import type { BlockHeader, Six, StateReference } from "@sprtn/protocol";
import type { KeyWitness } from "./key-tree.js";
import type { BlockConstants, PartialState } from "./public-inputs.js";

/** A proof that a circuit verifies, with its key's place in the key tree. */
export interface ChildProof {
  readonly key: KeyWitness;
  readonly publicInputs: readonly Field[];
  readonly proof: Uint8Array;
}

/** Opens a block's leaf in the archive: no sha256, its leaf holds what is asked for. */
export interface ArchiveOpening {
  readonly headerHash: Field;
  readonly state: StateReference;
  readonly number: number;
  readonly slot: number;
  /** 30 siblings. */
  readonly path: readonly Field[];
}

/**
 * The low leaf and both paths of one insertion into an indexed tree, 32 siblings each; the same for an update, which
 * uses the first path alone.
 */
export interface IndexedStep {
  readonly isUpdate: boolean;
  /** key, [value,] next index, next key. */
  readonly low: { readonly key: Field; readonly value: Field; readonly nextIndex: number; readonly nextKey: Field };
  readonly lowIndex: number;
  readonly lowPath: readonly Field[];
  readonly newPath: readonly Field[];
}

/** Inputs of tx-base: a transaction with its proof, and the tree paths of all that it changes. */
export interface TxBaseInputs {
  readonly transfer: ChildProof;
  readonly encryptedNotes: Six<Field>;
  readonly constants: BlockConstants;
  readonly anchor: ArchiveOpening;
  readonly start: PartialState;
  readonly nullifierSteps: readonly [IndexedStep, IndexedStep];
  /** 31 siblings of the pair of note hashes. */
  readonly notePath: readonly Field[];
  /** One for each present write of the effect, in order. */
  readonly writeSteps: readonly IndexedStep[];
  /**
   * Balance of the call's sender when the call begins: shows that a revert is due. For calls that debit nobody and
   * calls that run, absent.
   */
  readonly revert: {
    readonly low: IndexedStep["low"];
    readonly lowIndex: number;
    readonly lowPath: readonly Field[];
  } | null;
  /** For a deposit: the message's leaf index and 32 siblings. */
  readonly message: { readonly index: bigint; readonly path: readonly Field[] } | null;
}

/** Inputs of tx-merge: two neighbouring spans of one block's transactions. */
export interface TxMergeInputs {
  readonly left: ChildProof;
  readonly right: ChildProof;
}

/** Block root with 0, 1 or 2 children. */
export interface BlockRootInputs {
  readonly keyTreeRoot: Field;
  readonly header: BlockHeader;
  readonly chainId: bigint;
  readonly rollupVersion: bigint;
  readonly feePortal: EthAddress;
  readonly children: readonly ChildProof[];
  /** Opens leaf number − 1 of lastArchive. */
  readonly previous: ArchiveOpening;
  /** 16 leaves. */
  readonly messages: readonly Field[];
  /** 28 siblings of the subtree's root. */
  readonly messagePath: readonly Field[];
  /** 30 siblings of the new archive leaf. */
  readonly archivePath: readonly Field[];
  readonly startAccumulator: Field;
}

/** Inputs of block-merge: two neighbouring ranges of blocks. */
export interface BlockMergeInputs {
  readonly left: ChildProof;
  readonly right: ChildProof;
}

/** A block of one transaction: what its base and its root take. */
export interface SingleBlock {
  readonly base: TxBaseInputs;
  readonly root: Omit<BlockRootInputs, "children">;
}

/**
 * Blocks of one transaction each that take the transfer proofs themselves: one of them, or two that follow one another.
 */
export interface SingleBlocksInputs {
  readonly blocks: readonly SingleBlock[];
}

/** Root with one or two children. */
export interface RootInputs {
  readonly children: readonly ChildProof[];
  readonly prover: EthAddress;
}

/** Every rollup circuit's inputs, by the circuit's name. */
export interface CircuitInputs {
  readonly "tx-base": TxBaseInputs;
  readonly "tx-merge": TxMergeInputs;
  readonly "block-root-empty": BlockRootInputs;
  readonly "block-root-one": BlockRootInputs;
  readonly "block-root-two": BlockRootInputs;
  readonly "block-merge": BlockMergeInputs;
  readonly "root-one": RootInputs;
  readonly "root-two": RootInputs;
  readonly "block-root-single": SingleBlocksInputs;
  readonly "block-root-pair": SingleBlocksInputs;
}
