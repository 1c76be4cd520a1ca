import { unpackFields } from "@sprtn/merkle-trees";
import type { BlockNumber, Field } from "@sprtn/primitives";
import type { StateView } from "@sprtn/ports";
import type { StateReference } from "@sprtn/protocol";
import type { RollupState } from "@sprtn/state-transition";

/** A kept state, for reading. */
export class KeptStateView implements StateView {
  constructor(
    readonly block: BlockNumber,
    private readonly state: RollupState,
  ) {}

  get archive(): Field {
    return this.state.archiveRoot();
  }

  reference(): StateReference {
    return this.state.reference();
  }

  publicBalance(address: Field): bigint {
    return this.state.publicBalance(address);
  }

  hasNullifier(nullifier: Field): boolean {
    return this.state.nullifiers.has(nullifier);
  }

  noteHashPath(index: bigint): readonly Field[] {
    return unpackFields(this.state.noteHashes.path(Number(index)));
  }

  messagePath(index: bigint): readonly Field[] {
    return unpackFields(this.state.messages.path(Number(index)));
  }
}
