import {
  BlockNumber,
  bytesToUint,
  concatBytes,
  type Field,
  fieldFromBytes,
  fieldToBytes,
  uintToBytes,
} from "@sprtn/primitives";
import type { KvOperation, KvStore } from "@sprtn/ports";
import type { StateReference, TreeSnapshot } from "@sprtn/protocol";
import { WorldStateError, WorldStateErrorCode } from "./world-state-error.js";

/** First byte after the store's prefix; 0–4 are the trees. */
enum Kind {
  TIP = 16,
  ARCHIVE = 17,
  REFERENCE = 18,
  ANCHOR = 19,
}

/** What is known of a block besides the trees: its archive root, its trees' roots. */
export interface BlockState {
  readonly number: BlockNumber;
  readonly archive: Field;
  readonly noteHashRoot: Field;
  /** Absent for blocks that were applied in bulk. */
  readonly reference?: StateReference;
}

/** The durable records besides the trees: tip, archive roots, trees' roots, anchors. */
export class StateRepository {
  constructor(
    private readonly store: KvStore,
    private readonly prefix: Uint8Array,
  ) {}

  tip(): BlockNumber | undefined {
    const value = this.store.get(this.#key(Kind.TIP));
    return value === undefined ? undefined : BlockNumber(Number(bytesToUint(value)));
  }

  archive(block: BlockNumber): Field | undefined {
    const value = this.store.get(this.#key(Kind.ARCHIVE, uintToBytes(block, 4)));
    return value === undefined ? undefined : fieldFromBytes(value);
  }

  reference(block: BlockNumber): StateReference | undefined {
    const value = this.store.get(this.#key(Kind.REFERENCE, uintToBytes(block, 4)));
    return value === undefined ? undefined : decodeReference(value);
  }

  anchorBlock(noteHashRoot: Field): BlockNumber | undefined {
    const value = this.store.get(this.#key(Kind.ANCHOR, fieldToBytes(noteHashRoot)));
    return value === undefined ? undefined : BlockNumber(Number(bytesToUint(value)));
  }

  /**
   * Operations that record `states`, the last of which becomes the durable tip. An anchor keeps the first block that
   * had its root.
   */
  record(states: readonly BlockState[]): KvOperation[] {
    const operations: KvOperation[] = [];
    const put = (key: Uint8Array, value: Uint8Array) => operations.push({ type: "put", key, value });
    const anchors = new Set<Field>();
    for (const state of states) {
      const number = uintToBytes(state.number, 4);
      put(this.#key(Kind.TIP), number);
      put(this.#key(Kind.ARCHIVE, number), fieldToBytes(state.archive));
      if (state.reference !== undefined) put(this.#key(Kind.REFERENCE, number), encodeReference(state.reference));
      if (!anchors.has(state.noteHashRoot) && this.anchorBlock(state.noteHashRoot) === undefined)
        put(this.#key(Kind.ANCHOR, fieldToBytes(state.noteHashRoot)), number);
      anchors.add(state.noteHashRoot);
    }
    return operations;
  }

  #key(kind: Kind, rest: Uint8Array = new Uint8Array()): Uint8Array {
    return concatBytes(this.prefix, Uint8Array.of(kind), rest);
  }
}

const SNAPSHOT_BYTES = 36;

function encodeReference(reference: StateReference): Uint8Array {
  const trees = [reference.messages, reference.noteHashes, reference.nullifiers, reference.publicData];
  return concatBytes(...trees.flatMap(tree => [fieldToBytes(tree.root), uintToBytes(tree.nextIndex, 4)]));
}

function decodeReference(bytes: Uint8Array): StateReference {
  if (bytes.length !== 4 * SNAPSHOT_BYTES)
    throw new WorldStateError(
      WorldStateErrorCode.CORRUPT,
      "a state record is truncated: delete the data directory and sync again",
    );
  const tree = (index: number): TreeSnapshot => ({
    root: fieldFromBytes(bytes.slice(index * SNAPSHOT_BYTES, index * SNAPSHOT_BYTES + 32)),
    nextIndex: Number(bytesToUint(bytes.subarray(index * SNAPSHOT_BYTES + 32, (index + 1) * SNAPSHOT_BYTES))),
  });
  return { messages: tree(0), noteHashes: tree(1), nullifiers: tree(2), publicData: tree(3) };
}
