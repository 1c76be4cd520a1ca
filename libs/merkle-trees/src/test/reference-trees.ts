import { type Field, type FieldHasher, ZERO_FIELD } from "@sprtn/primitives";

/** Recursion over all 2^depth leaves, straight from the specification. */
export function referenceRoot(hasher: FieldHasher, leaves: readonly Field[], depth: number): Field {
  const all = Array.from({ length: 2 ** depth }, (_, i) => leaves[i] ?? ZERO_FIELD);
  const fold = (level: readonly Field[]): Field => {
    if (level.length === 1) return level[0] as Field;
    return fold(
      Array.from({ length: level.length / 2 }, (_, i) =>
        hasher.hash([level[2 * i] as Field, level[2 * i + 1] as Field]),
      ),
    );
  };
  return fold(all);
}

interface Leaf {
  key: bigint;
  value: bigint;
  nextIndex: number;
  nextKey: bigint;
}

/** An indexed tree as a list that is searched from end to end. */
export class ReferenceIndexedTree {
  readonly leaves: Leaf[] = [{ key: 0n, value: 0n, nextIndex: 0, nextKey: 0n }];

  constructor(
    private readonly hasher: FieldHasher,
    private readonly settings: { readonly depth: number; readonly separator: bigint; readonly hasValue: boolean },
  ) {}

  write(key: bigint, value = 0n): void {
    const existing = this.leaves.find(leaf => leaf.key === key);
    if (existing !== undefined) {
      existing.value = value;
      return;
    }
    const low = this.leaves.filter(leaf => leaf.key < key).reduce((best, leaf) => (leaf.key > best.key ? leaf : best));
    this.leaves.push({ key, value, nextIndex: low.nextIndex, nextKey: low.nextKey });
    low.nextIndex = this.leaves.length - 1;
    low.nextKey = key;
  }

  root(): Field {
    const { separator, hasValue, depth } = this.settings;
    const hashes = this.leaves.map(leaf =>
      this.hasher.hash([separator, leaf.key, ...(hasValue ? [leaf.value] : []), BigInt(leaf.nextIndex), leaf.nextKey]),
    );
    return referenceRoot(this.hasher, hashes, depth);
  }
}
