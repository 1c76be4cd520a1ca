import { type Field, fieldFromBytes } from "@sprtn/primitives";
import { balanceSlot, type Gas, type PublicDataWrite } from "@sprtn/protocol";
import type { RollupState } from "./rollup-state.js";

/**
 * A block being executed: balances and nullifiers over a state that does not change meanwhile. Trees are written once,
 * in bulk, when the block is complete:
 * that hashes each node once instead of once a transaction.
 */
export class Draft {
  readonly #balances = new Map<Field, bigint>();
  readonly #nullifiers = new Set<Field>();
  /** By address: a hash each is too much for thousands of transactions that are left out. */
  readonly #slots = new Map<Field, Field>();
  gas: Gas = { l2: 0n, da: 0n };

  /** @param state with this block's messages appended already */
  constructor(readonly state: RollupState) {}

  slotOf(address: Field): Field {
    const known = this.#slots.get(address) ?? balanceSlot(this.state.hasher, address);
    this.#slots.set(address, known);
    return known;
  }

  balanceAt(slot: Field): bigint {
    return this.#balances.get(slot) ?? this.state.publicData.read(slot);
  }

  hasNullifier(nullifier: Field): boolean {
    return this.#nullifiers.has(nullifier) || this.state.nullifiers.has(nullifier);
  }

  holdsMessage(index: bigint, message: Field): boolean {
    return (
      index < BigInt(this.state.messages.leafCount) &&
      fieldFromBytes(this.state.messages.leaf(Number(index))) === message
    );
  }

  /** Takes over what a transaction did. */
  accept(done: {
    readonly writes: readonly PublicDataWrite[];
    readonly nullifiers: readonly Field[];
    readonly gas: Gas;
  }): void {
    for (const write of done.writes) if (write.slot !== 0n) this.#balances.set(write.slot, write.value);
    for (const nullifier of done.nullifiers) this.#nullifiers.add(nullifier);
    this.gas = { l2: this.gas.l2 + done.gas.l2, da: this.gas.da + done.gas.da };
  }
}
