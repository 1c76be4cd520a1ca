import { type BlockNumber, CodedError, concatBytes, type Field, fieldToBytes, sha256ToField } from "@sprtn/primitives";
import type { BlockRejection, BlockToApply, StateStore } from "@sprtn/ports";
import { hashEffects, inHashOf, type L2Block, type TxEffect } from "@sprtn/protocol";

/** The fake's stateHash after a block: sha256 over the one before, the effects and the messages. No trees. */
export function fakeStateHash(before: Field, effects: readonly TxEffect[], messages: readonly Field[]): Field {
  return sha256ToField(
    concatBytes(fieldToBytes(before), fieldToBytes(hashEffects(effects)), fieldToBytes(inHashOf(messages))),
  );
}

/** The fake's archive after a block. */
export function fakeArchive(before: Field, headerHash: Field): Field {
  return sha256ToField(concatBytes(fieldToBytes(before), fieldToBytes(headerHash)));
}

/** What the fake knows after a block. */
interface FakeState {
  readonly number: BlockNumber;
  readonly archive: Field;
  readonly stateHash: Field;
  /** Inserted by this block. */
  readonly nullifiers: readonly Field[];
}

/** A state without trees that keeps StateStore's promises. Its "disk" survives {@link crash}. */
export class FakeStateStore implements StateStore {
  /** Block numbers given to apply and applyFinalized, in order. */
  readonly applied: number[] = [];
  readonly appliedInBulk: number[] = [];
  /** Throws in the call, before anything changes: for disks that fail. */
  beforeChange: (call: "apply" | "applyFinalized" | "unwind" | "finalize") => void = () => {};
  /** Those that can be returned to, the oldest first. */
  readonly #states: FakeState[];
  readonly #nullifiers: Set<Field>;

  private constructor(durable: FakeState, nullifiers: Set<Field>) {
    this.#states = [durable];
    this.#nullifiers = nullifiers;
  }

  static atGenesis({ header, archive }: L2Block): FakeStateStore {
    return new FakeStateStore(
      { number: header.number, archive, stateHash: header.stateHash, nullifiers: [] },
      new Set(),
    );
  }

  tip(): { readonly number: BlockNumber; readonly archive: Field } {
    const { number, archive } = this.#tip();
    return { number, archive };
  }

  oldest(): BlockNumber {
    return (this.#states[0] as FakeState).number;
  }

  async apply(block: L2Block, messages: readonly Field[]): Promise<void> {
    this.beforeChange("apply");
    this.#insert([{ block, messages }]);
    this.applied.push(block.header.number);
  }

  async applyFinalized(blocks: readonly BlockToApply[]): Promise<void> {
    this.beforeChange("applyFinalized");
    if (this.#states.length > 1)
      throw new CodedError("FAKE_STATE_NOT_FINAL", "finalize what is applied before applying in bulk");
    if (blocks.length === 0) return;
    this.#insert(blocks);
    this.#states.shift();
    this.appliedInBulk.push(...blocks.map(({ block }) => block.header.number));
  }

  async unwind(to: BlockNumber): Promise<void> {
    this.beforeChange("unwind");
    if (to < this.oldest() || to > this.#tip().number)
      throw new CodedError("FAKE_STATE_RANGE", `cannot return to block ${to}`);
    for (const state of this.#states.splice(to - this.oldest() + 1))
      for (const nullifier of state.nullifiers) this.#nullifiers.delete(nullifier);
  }

  async finalize(number: BlockNumber): Promise<void> {
    this.beforeChange("finalize");
    if (number > this.#tip().number) throw new CodedError("FAKE_STATE_RANGE", `block ${number} is not applied`);
    this.#states.splice(0, Math.max(0, number - this.oldest()));
  }

  /** The store as a process finds it that starts after this one died: at the oldest block, all else forgotten. */
  crash(): FakeStateStore {
    const [oldest, ...newer] = this.#states;
    const nullifiers = new Set(this.#nullifiers);
    for (const state of newer) for (const nullifier of state.nullifiers) nullifiers.delete(nullifier);
    return new FakeStateStore(oldest as FakeState, nullifiers);
  }

  #tip(): FakeState {
    return this.#states.at(-1) as FakeState;
  }

  /** Adds one state on top of the tip, after several blocks; checks the last one. */
  #insert(blocks: readonly BlockToApply[]): void {
    let { number, archive, stateHash } = this.#tip();
    const inserted = new Set<Field>();
    for (const { block, messages } of blocks) {
      const { header, headerHash, effects } = block;
      if (header.number !== number + 1)
        throw new CodedError("FAKE_STATE_OUT_OF_STEP", `block ${header.number} does not follow block ${number}`);
      for (const nullifier of effects.flatMap(effect => effect.nullifiers)) {
        if (this.#nullifiers.has(nullifier) || inserted.has(nullifier))
          throw rejection(header.number, "a nullifier is there already");
        inserted.add(nullifier);
      }
      number = header.number;
      archive = fakeArchive(archive, headerHash);
      stateHash = fakeStateHash(stateHash, effects, messages);
    }
    const { block } = blocks.at(-1) as BlockToApply;
    if (stateHash !== block.header.stateHash) throw rejection(number, "stateHash comes out different");
    if (archive !== block.archive) throw rejection(number, "archive comes out different");
    for (const nullifier of inserted) this.#nullifiers.add(nullifier);
    this.#states.push({ number, archive, stateHash, nullifiers: [...inserted] });
  }
}

function rejection(rejected: BlockNumber, what: string): CodedError<string, BlockRejection> {
  return new CodedError("FAKE_STATE_REJECTED", what, { rejected });
}
