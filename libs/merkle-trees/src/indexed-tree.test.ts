import { concatBytes, Field, fieldFromBytes, fieldToBytes } from "@sprtn/primitives";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  type InsertionWitness,
  MemoryNodeStore,
  type NullifierLeaf,
  NullifierTree,
  packFields,
  type PublicDataLeaf,
  PublicDataTree,
  rootFromPath,
  TreeError,
  TreeErrorCode,
  type UpdateWitness,
} from "./index.js";
import { ReferenceIndexedTree } from "./test/reference-trees.js";
import { ToyHasher } from "./test/toy-hasher.js";

const hasher = new ToyHasher();
const depth = 7;
const nullifierTree = (): NullifierTree =>
  new NullifierTree({ store: new MemoryNodeStore(), hasher }, { depth, leafSeparator: 2n });
const publicDataTree = (): PublicDataTree =>
  new PublicDataTree({ store: new MemoryNodeStore(), hasher }, { depth, leafSeparator: 3n });
/** Small keys collide and neighbour; large ones fill the buckets. */
const key = fc.oneof(fc.bigInt({ min: 1n, max: 12n }), fc.bigInt({ min: 1n, max: 2n ** 253n })) as fc.Arbitrary<Field>;
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof TreeError) return error.code;
    throw error;
  }
  return "none";
};

const nullifierHash = (leaf: NullifierLeaf): Uint8Array =>
  fieldToBytes(hasher.hash([2n, leaf.value, BigInt(leaf.nextIndex), leaf.nextValue]));
const slotHash = (leaf: PublicDataLeaf): Uint8Array =>
  fieldToBytes(hasher.hash([3n, leaf.slot, leaf.value, BigInt(leaf.nextIndex), leaf.nextSlot]));
const empty = new Uint8Array(32);

/** Follows an insertion as a circuit does; returns the root after it. */
function followInsertion(
  before: Uint8Array,
  value: Field,
  { low, newIndex, newPath }: InsertionWitness<NullifierLeaf>,
): Uint8Array {
  expect(low.leaf.value < value && (low.leaf.nextValue === 0n || low.leaf.nextValue > value)).to.equal(true);
  expect(rootFromPath(hasher, nullifierHash(low.leaf), low.index, low.path)).to.deep.equal(before);
  const between = rootFromPath(
    hasher,
    nullifierHash({ value: low.leaf.value, nextIndex: newIndex, nextValue: value }),
    low.index,
    low.path,
  );
  expect(rootFromPath(hasher, empty, newIndex, newPath)).to.deep.equal(between);
  return rootFromPath(hasher, nullifierHash({ ...low.leaf, value }), newIndex, newPath);
}

/** The same for a write. */
function followWrite(
  before: Uint8Array,
  [slot, value]: [Field, bigint],
  witness: InsertionWitness<PublicDataLeaf> | UpdateWitness<PublicDataLeaf>,
): Uint8Array {
  if (witness.kind === "update") {
    const { leaf, index, path } = witness.before;
    expect(leaf.slot).to.equal(slot);
    expect(rootFromPath(hasher, slotHash(leaf), index, path)).to.deep.equal(before);
    return rootFromPath(hasher, slotHash({ ...leaf, value: value as Field }), index, path);
  }
  const { low, newIndex, newPath } = witness;
  expect(low.leaf.slot < slot && (low.leaf.nextSlot === 0n || low.leaf.nextSlot > slot)).to.equal(true);
  expect(rootFromPath(hasher, slotHash(low.leaf), low.index, low.path)).to.deep.equal(before);
  const between = rootFromPath(
    hasher,
    slotHash({ ...low.leaf, nextIndex: newIndex, nextSlot: slot }),
    low.index,
    low.path,
  );
  expect(rootFromPath(hasher, empty, newIndex, newPath)).to.deep.equal(between);
  return rootFromPath(hasher, slotHash({ ...low.leaf, slot, value: value as Field }), newIndex, newPath);
}

describe("NullifierTree", () => {
  it("batches, single steps and the reference agree; every witness verifies; the leaves stay a sorted list", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 8 }),
        (values, cuts) => {
          const batched = nullifierTree();
          const stepped = nullifierTree();
          const reference = new ReferenceIndexedTree(hasher, { depth, separator: 2n, hasValue: false });
          for (let from = 0, batch = 0; from < values.length; batch++) {
            const part = values.slice(from, (from += cuts[batch] ?? 40));
            batched.insert(packFields(part));
            let root = stepped.root();
            stepped.insertWithWitnesses(packFields(part)).forEach((witness, i) => {
              root = followInsertion(root, part[i] as Field, witness);
            });
            expect(stepped.root()).to.deep.equal(root);
            expect(batched.root()).to.deep.equal(root);
            for (const value of part) reference.write(value);
            expect(fieldFromBytes(root)).to.equal(reference.root());
          }
          const walked: bigint[] = [];
          for (let leaf = batched.leaf(0); leaf.nextIndex !== 0; leaf = batched.leaf(leaf.nextIndex))
            walked.push(leaf.nextValue);
          expect(walked).to.deep.equal(values.toSorted((a, b) => (a < b ? -1 : 1)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("shows presence and absence by the low leaf", () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 30 }), key, (values, asked) => {
        const tree = nullifierTree();
        tree.insert(packFields(values));
        const { leaf, index, path } = tree.witness(asked);
        expect(rootFromPath(hasher, nullifierHash(leaf), index, path)).to.deep.equal(tree.root());
        const present = values.indexOf(asked);
        expect(tree.has(asked)).to.equal(present >= 0);
        expect(tree.indexOf(asked)).to.equal(present >= 0 ? present + 1 : undefined);
        if (present >= 0) expect(leaf.value).to.equal(asked);
        else expect(leaf.value < asked && (leaf.nextValue === 0n || leaf.nextValue > asked)).to.equal(true);
      }),
      { numRuns: 60 },
    );
  });

  it("hashes each changed node once in a batch", () => {
    const counting = new ToyHasher();
    const tree = new NullifierTree(
      { store: new MemoryNodeStore(), hasher: counting },
      { depth: 32, leafSeparator: 2n },
    );
    tree.insert(packFields(Array.from({ length: 15 }, (_, i) => Field(1000 * (i + 1)))));
    counting.count = 0;
    // Three new leaves (16 to 18), two low ones (1 and 2): 5 leaf hashes; their ancestors, level by level, by hand.
    tree.insert(packFields([Field(1001), Field(2002), Field(2001)]));
    const dirty = [1, 2, 16, 17, 18];
    const ancestors = Array.from(
      { length: 32 },
      (_, k) => new Set(dirty.map(index => Math.floor(index / 2 ** (k + 1)))).size,
    ).reduce((a, b) => a + b);
    expect(counting.count).to.equal(5 + ancestors);
  });

  it("refuses what cannot be, and writes nothing", () => {
    const tree = new NullifierTree({ store: new MemoryNodeStore(), hasher }, { depth: 2, leafSeparator: 2n });
    tree.insert(packFields([Field(5)]));
    const root = tree.root();
    for (const insert of [
      (values: Uint8Array) => tree.insert(values),
      (values: Uint8Array) => tree.insertWithWitnesses(values),
    ]) {
      expect(codeOf(() => insert(packFields([Field(6), Field(0)])))).to.equal(TreeErrorCode.KEY_ZERO);
      expect(codeOf(() => insert(packFields([Field(6), Field(5)])))).to.equal(TreeErrorCode.DUPLICATE_KEY);
      expect(codeOf(() => insert(packFields([Field(6), Field(6)])))).to.equal(TreeErrorCode.DUPLICATE_KEY);
      expect(codeOf(() => insert(packFields([Field(6), Field(7), Field(8)])))).to.equal(TreeErrorCode.FULL);
      expect(codeOf(() => insert(new Uint8Array(31)))).to.equal(TreeErrorCode.BAD_LENGTH);
      expect(codeOf(() => insert(new Uint8Array(32).fill(0xff)))).to.equal(TreeErrorCode.NOT_A_FIELD);
    }
    expect(codeOf(() => tree.leaf(2))).to.equal(TreeErrorCode.OUT_OF_RANGE);
    expect(tree.root()).to.deep.equal(root);
    expect(tree.leafCount).to.equal(2);
    tree.insert(new Uint8Array());
    expect(tree.root()).to.deep.equal(root);
  });

  it("notices a store that lost a preimage or its keys", () => {
    const store = new MemoryNodeStore();
    const tree = new NullifierTree({ store, hasher }, { depth, leafSeparator: 2n });
    tree.insert(packFields([Field(5)]));
    store.writePreimage(1, new Uint8Array(68));
    expect(codeOf(() => tree.has(Field(6)))).to.equal(TreeErrorCode.CORRUPT_STORE);
    const hollow = new MemoryNodeStore();
    hollow.setLeafCount(1);
    expect(
      codeOf(() => new NullifierTree({ store: hollow, hasher }, { depth, leafSeparator: 2n }).has(Field(1))),
    ).to.equal(TreeErrorCode.CORRUPT_STORE);
  });
});

describe("PublicDataTree", () => {
  it("batches, single steps and the reference agree, updates included; every witness verifies", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(key, fc.bigInt({ min: 0n, max: 2n ** 128n })), { maxLength: 10 }), { maxLength: 5 }),
        batches => {
          const batched = publicDataTree();
          const stepped = publicDataTree();
          const reference = new ReferenceIndexedTree(hasher, { depth, separator: 3n, hasValue: true });
          const values = new Map<Field, bigint>();
          for (const batch of batches) {
            const packed = concatBytes(...batch.map(([slot, value]) => packFields([slot, value as Field])));
            batched.write(packed);
            let root = stepped.root();
            stepped.writeWithWitnesses(packed).forEach((witness, i) => {
              root = followWrite(root, batch[i] as [Field, bigint], witness);
            });
            for (const [slot, value] of batch) {
              reference.write(slot, value);
              values.set(slot, value);
            }
            expect(stepped.root()).to.deep.equal(root);
            expect(batched.root()).to.deep.equal(root);
            expect(fieldFromBytes(root)).to.equal(reference.root());
          }
          for (const [slot, value] of values) expect(batched.read(slot)).to.equal(value);
          expect(batched.leafCount).to.equal(values.size + 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("updates only what was written, and reads zero elsewhere", () => {
    const tree = publicDataTree();
    expect(codeOf(() => tree.update(Field(9), Field(1)))).to.equal(TreeErrorCode.UNKNOWN_KEY);
    expect(codeOf(() => tree.update(Field(0), Field(1)))).to.equal(TreeErrorCode.UNKNOWN_KEY);
    expect(codeOf(() => tree.write(packFields([Field(0), Field(1)])))).to.equal(TreeErrorCode.KEY_ZERO);
    tree.write(packFields([Field(9), Field(1)]));
    expect(tree.update(Field(9), Field(2)).before.leaf.value).to.equal(1n);
    expect([tree.read(Field(9)), tree.read(Field(8))]).to.deep.equal([2n, 0n]);
  });
});
