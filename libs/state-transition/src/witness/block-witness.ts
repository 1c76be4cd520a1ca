import {
  type IndexedTree,
  type InsertionWitness,
  packFields,
  unpackFields,
  type UpdateWitness,
} from "@sprtn/merkle-trees";
import { type Field, fieldFromBytes, ZERO_FIELD } from "@sprtn/primitives";
import {
  balanceSlot,
  CallKind,
  type ChainIdentity,
  constants,
  type L2Block,
  publicInputsToFields,
  type Tx,
  type TxEffect,
} from "@sprtn/protocol";
import { appendMessages, messageSubtree } from "../apply-effects.js";
import type {
  ArchiveOpening,
  BlockRootInputs,
  ChildProof,
  IndexedStep,
  TxBaseInputs,
} from "../circuits/circuit-inputs.js";
import type { KeyWitness } from "../circuits/key-tree.js";
import type { BlockConstants, PartialState } from "../circuits/public-inputs.js";
import type { RollupState } from "../rollup-state.js";

/** What the witness of a block is made of. */
export interface BlockWitnessSource {
  readonly chain: ChainIdentity;
  readonly keyTreeRoot: Field;
  readonly transferKey: KeyWitness;
  readonly block: L2Block;
  /** With their proofs, in the block's order. */
  readonly txs: readonly Tx[];
  readonly messages: readonly Field[];
  /** Opens an earlier block, except for its path: the anchors and the previous block. */
  opening(number: number): Omit<ArchiveOpening, "path">;
  /** The block whose note hash tree had this root. */
  anchorBlock(noteHashRoot: Field): number;
  messageIndex(message: Field): bigint;
}

/** Inputs of a block's circuits, except for the children of its block root, which are proofs still to be made. */
export interface BlockWitness {
  readonly bases: readonly TxBaseInputs[];
  readonly root: Omit<BlockRootInputs, "children" | "startAccumulator">;
}

/**
 * Replays a block step by step and keeps each step's paths. `state` is the one before the block, a fork
 * that is advanced to the one after it.
 * The block has been validated: what throws here is a defect or a damaged store, as the trees' coded errors.
 */
export function witnessBlock(state: RollupState, source: BlockWitnessSource): BlockWitness {
  const { header } = source.block;
  const open = (number: number): ArchiveOpening => ({
    ...source.opening(number),
    path: unpackFields(state.archive.path(number)),
  });
  const previous = open(header.number - 1);
  const messageAt = state.messages.leafCount / constants.MESSAGES_PER_BLOCK;
  const messagePath = unpackFields(state.messages.path(messageAt, constants.MESSAGE_SUBTREE_DEPTH));
  const root = {
    keyTreeRoot: source.keyTreeRoot,
    header,
    chainId: source.chain.chainId,
    rollupVersion: source.chain.rollupVersion,
    feePortal: source.chain.feePortal,
    previous,
    messages: messageSubtree(source.messages),
    messagePath,
    archivePath: unpackFields(state.archive.path(header.number)),
  };
  appendMessages(state, source.messages);
  const blockConstants: BlockConstants = {
    keyTreeRoot: source.keyTreeRoot,
    chainId: source.chain.chainId,
    rollupVersion: source.chain.rollupVersion,
    feePortal: source.chain.feePortal,
    number: header.number,
    slot: header.slot,
    lastArchive: header.lastArchive,
    messageRoot: fieldFromBytes(state.messages.root()),
    baseFees: header.baseFees,
    feeRecipient: header.feeRecipient,
  };
  const bases = source.txs.map((tx, i) =>
    witnessTx(state, tx, {
      source,
      effect: source.block.effects[i] as TxEffect,
      blockConstants,
      anchor: open(source.anchorBlock(tx.inputs.anchorNoteHashRoot)),
    }),
  );
  state.appendArchive({
    headerHash: source.block.headerHash,
    stateHash: header.stateHash,
    number: header.number,
    slot: header.slot,
  });
  return { bases, root };
}

interface TxContext {
  readonly source: BlockWitnessSource;
  readonly effect: TxEffect;
  readonly blockConstants: BlockConstants;
  readonly anchor: ArchiveOpening;
}

function witnessTx(state: RollupState, tx: Tx, { source, effect, blockConstants, anchor }: TxContext): TxBaseInputs {
  const { noteHashes, nullifiers, publicData } = state.reference();
  const start: PartialState = { noteHashes, nullifiers, publicData };
  const transfer: ChildProof = {
    key: source.transferKey,
    publicInputs: publicInputsToFields(tx.inputs),
    proof: tx.proof,
  };
  const { call } = tx.inputs;
  const message =
    call.kind === CallKind.DEPOSIT
      ? ((index: bigint) => ({ index, path: unpackFields(state.messages.path(Number(index))) }))(
          source.messageIndex(call.message),
        )
      : null;
  const [one, two] = state.nullifiers
    .insertWithWitnesses(packFields(effect.nullifiers))
    .map(witness => nullifierStep(witness));
  const notePath = unpackFields(state.noteHashes.path(state.noteHashes.leafCount / 2, 1));
  state.noteHashes.append(packFields(effect.noteHashes));
  const written = effect.writes
    .map((write, position) => ({ write, position }))
    .filter(({ write }) => write.slot !== 0n);
  const writeSteps: IndexedStep[] = [];
  let revert: TxBaseInputs["revert"] = null;
  for (const { write, position } of written) {
    // The sender's balance is shown where the call would begin: after the fee, before the tip.
    if (effect.reverted && position === 3) revert = witnessRevert(state, tx);
    writeSteps.push(...state.publicData.writeWithWitnesses(packFields([write.slot, write.value])).map(publicDataStep));
  }
  if (effect.reverted && revert === null) revert = witnessRevert(state, tx);
  return {
    transfer,
    encryptedNotes: tx.encryptedNotes,
    constants: blockConstants,
    anchor,
    start,
    nullifierSteps: [one as IndexedStep, two as IndexedStep],
    notePath,
    writeSteps,
    revert,
    message,
  };
}

function witnessRevert(state: RollupState, tx: Tx): TxBaseInputs["revert"] {
  const { leaf, index, path } = state.publicData.witness(balanceSlot(state.hasher, tx.inputs.publicSender));
  return {
    low: { key: leaf.slot, value: leaf.value, nextIndex: leaf.nextIndex, nextKey: leaf.nextSlot },
    lowIndex: index,
    lowPath: unpackFields(path),
  };
}

type Witness<Tree> = Tree extends IndexedTree<infer Leaf> ? InsertionWitness<Leaf> | UpdateWitness<Leaf> : never;

function nullifierStep(witness: Witness<RollupState["nullifiers"]>): IndexedStep {
  return step(witness, leaf => ({
    key: leaf.value,
    value: ZERO_FIELD,
    nextIndex: leaf.nextIndex,
    nextKey: leaf.nextValue,
  }));
}

function publicDataStep(witness: Witness<RollupState["publicData"]>): IndexedStep {
  return step(witness, leaf => ({
    key: leaf.slot,
    value: leaf.value,
    nextIndex: leaf.nextIndex,
    nextKey: leaf.nextSlot,
  }));
}

function step<Leaf>(
  witness: InsertionWitness<Leaf> | UpdateWitness<Leaf>,
  low: (leaf: Leaf) => IndexedStep["low"],
): IndexedStep {
  const before = witness.kind === "insert" ? witness.low : witness.before;
  const lowPath = unpackFields(before.path);
  return {
    isUpdate: witness.kind === "update",
    low: low(before.leaf),
    lowIndex: before.index,
    lowPath,
    newPath: witness.kind === "insert" ? unpackFields(witness.newPath) : [],
  };
}
