import type { BlockNumber, Field } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";

/** Which transactions the unfinalized blocks hold, and which of those this node keeps (PEND-8). */
export class MinedTxs {
  readonly #blockOf = new Map<Field, BlockNumber>();
  readonly #byBlock = new Map<BlockNumber, readonly Field[]>();
  readonly #kept = new Set<Field>();

  get keptCount(): number {
    return this.#kept.size;
  }

  has(hash: Field): boolean {
    return this.#blockOf.has(hash);
  }

  isKept(hash: Field): boolean {
    return this.#kept.has(hash);
  }

  add(block: L2Block): void {
    const { number } = block.header;
    const hashes = block.effects.map(effect => effect.txHash);
    this.#byBlock.set(number, hashes);
    for (const hash of hashes) this.#blockOf.set(hash, number);
  }

  /** The journal holds it. */
  keep(hash: Field): void {
    this.#kept.add(hash);
  }

  /** Returns the kept transactions of a block that was removed, in order. */
  removeBlock(block: L2Block): Field[] {
    this.#byBlock.delete(block.header.number);
    return this.#drop(block.effects.map(effect => effect.txHash));
  }

  /** Returns the kept ones of blocks up to `number`, and knows none of them any more. */
  finalize(number: BlockNumber): Field[] {
    const done = [...this.#byBlock.keys()].filter(block => block <= number);
    const hashes = done.flatMap(block => this.#byBlock.get(block) ?? []);
    for (const block of done) this.#byBlock.delete(block);
    return this.#drop(hashes);
  }

  #drop(hashes: readonly Field[]): Field[] {
    for (const hash of hashes) this.#blockOf.delete(hash);
    return hashes.filter(hash => this.#kept.delete(hash));
  }
}
