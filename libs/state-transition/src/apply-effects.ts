import { packFields } from "@sprtn/merkle-trees";
import { type Field, ZERO_FIELD } from "@sprtn/primitives";
import { constants, type L2Block, type TxEffect } from "@sprtn/protocol";
import type { RollupState } from "./rollup-state.js";
import { StateError, StateErrorCode } from "./state-error.js";

/** A block's messages as its subtree: 16 leaves, zeros behind the messages. */
export function messageSubtree(messages: readonly Field[]): Field[] {
  if (messages.length > constants.MESSAGES_PER_BLOCK) {
    throw new StateError(
      StateErrorCode.TOO_MANY_MESSAGES,
      `${messages.length} messages, at most ${constants.MESSAGES_PER_BLOCK} a block`,
    );
  }
  return Array.from({ length: constants.MESSAGES_PER_BLOCK }, (_, i) => messages[i] ?? ZERO_FIELD);
}

/** Appends a block's subtree of L1→L2 messages, zeros up to 16. @throws StateError TOO_MANY_MESSAGES */
export function appendMessages(state: RollupState, messages: readonly Field[]): void {
  state.messages.append(packFields(messageSubtree(messages)));
}

/** Writes the transactions' effects in bulk; messages have been appended. */
export function applyEffects(state: RollupState, effects: readonly TxEffect[]): void {
  state.noteHashes.append(packFields(effects.flatMap(effect => effect.noteHashes)));
  state.nullifiers.insert(packFields(effects.flatMap(effect => effect.nullifiers)));
  const writes = effects.flatMap(effect => effect.writes).filter(write => write.slot !== 0n);
  state.publicData.write(packFields(writes.flatMap(write => [write.slot, write.value])));
}

/**
 * Applies a published block (PEND-8): its messages, effects and archive leaf. What throws may have written: give a
 * fork.
 * @throws StateError NOT_NEXT, STATE_MISMATCH, ARCHIVE_MISMATCH; TreeError DUPLICATE_KEY for a nullifier that is used
 *   already (INV-4)
 */
export function applyBlock(state: RollupState, block: L2Block, messages: readonly Field[]): void {
  const { header } = block;
  if (header.number !== state.archive.leafCount || header.lastArchive !== state.archiveRoot()) {
    throw new StateError(
      StateErrorCode.NOT_NEXT,
      `block ${header.number} does not follow block ${state.archive.leafCount - 1} of this state`,
    );
  }
  appendMessages(state, messages);
  applyEffects(state, block.effects);
  if (state.stateHash() !== header.stateHash) {
    throw new StateError(
      StateErrorCode.STATE_MISMATCH,
      `block ${header.number}'s effects do not lead to its stateHash: the block is invalid, wait for it to be pruned`,
    );
  }
  state.appendArchive({
    headerHash: block.headerHash,
    stateHash: header.stateHash,
    number: header.number,
    slot: header.slot,
  });
  if (state.archiveRoot() !== block.archive) {
    throw new StateError(
      StateErrorCode.ARCHIVE_MISMATCH,
      `block ${header.number} does not lead to its archive root: the block is invalid, wait for it to be pruned`,
    );
  }
}
