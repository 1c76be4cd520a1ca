import { packFields } from "@sprtn/merkle-trees";
import { fieldFromBytes } from "@sprtn/primitives";
import type { BlockToApply } from "@sprtn/ports";
import { archiveLeaf } from "@sprtn/protocol";
import { messageSubtree, type RollupState, StateError, StateErrorCode } from "@sprtn/state-transition";
import type { BlockState } from "./state-repository.js";

/**
 * Applies finalized blocks at once: each tree is written in one batch, except for the note hashes, whose root after
 * every block stays known (TX-1: anchors). Only the last block's stateHash and archive are compared: they bind all the
 * others. `fork` may be written when it throws.
 */
export function applyInBulk(fork: RollupState, blocks: readonly BlockToApply[]): BlockState[] {
  const first = blocks[0]?.block.header;
  const last = blocks.at(-1)?.block;
  if (first === undefined || last === undefined) return [];
  if (first.number !== fork.archive.leafCount || first.lastArchive !== fork.archiveRoot()) {
    throw new StateError(
      StateErrorCode.NOT_NEXT,
      `block ${first.number} does not follow block ${fork.archive.leafCount - 1} of this state`,
    );
  }
  const effects = blocks.flatMap(({ block }) => block.effects);
  fork.messages.append(packFields(blocks.flatMap(({ messages }) => messageSubtree(messages))));
  if (effects.length > 0) {
    fork.nullifiers.insert(packFields(effects.flatMap(effect => effect.nullifiers)));
    const writes = effects.flatMap(effect => effect.writes).filter(write => write.slot !== 0n);
    fork.publicData.write(packFields(writes.flatMap(write => [write.slot, write.value])));
  }
  const states = blocks.map(({ block }): BlockState => {
    if (block.effects.length > 0)
      fork.noteHashes.append(packFields(block.effects.flatMap(effect => effect.noteHashes)));
    return {
      number: block.header.number,
      archive: block.archive,
      noteHashRoot: fieldFromBytes(fork.noteHashes.root()),
    };
  });
  if (fork.stateHash() !== last.header.stateHash) {
    throw new StateError(
      StateErrorCode.STATE_MISMATCH,
      `blocks ${first.number} to ${last.header.number} do not lead to the last one's stateHash`,
    );
  }
  fork.archive.append(
    packFields(
      blocks.map(({ block }) =>
        archiveLeaf(fork.hasher, {
          headerHash: block.headerHash,
          stateHash: block.header.stateHash,
          number: block.header.number,
          slot: block.header.slot,
        }),
      ),
    ),
  );
  if (fork.archiveRoot() !== last.archive) {
    throw new StateError(
      StateErrorCode.ARCHIVE_MISMATCH,
      `blocks ${first.number} to ${last.header.number} do not lead to the last one's archive root`,
    );
  }
  const lastState = states.at(-1) as BlockState;
  return [...states.slice(0, -1), { ...lastState, reference: fork.reference() }];
}
