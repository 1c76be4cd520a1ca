import { Field, fieldFromBytes, fieldToBytes } from "@sprtn/primitives";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  AppendOnlyTree,
  MemoryNodeStore,
  packFields,
  rootFromPath,
  TreeError,
  TreeErrorCode,
  verifyPath,
} from "./index.js";
import { referenceRoot } from "./test/reference-trees.js";
import { ToyHasher } from "./test/toy-hasher.js";

const hasher = new ToyHasher();
const newTree = (depth: number): AppendOnlyTree =>
  new AppendOnlyTree({ store: new MemoryNodeStore(), hasher }, { depth });
const fields = (count: number, from = 1): Field[] => Array.from({ length: count }, (_, i) => Field(from + i));
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof TreeError) return error.code;
    throw error;
  }
  return "none";
};

/** Nodes above the leaves from a to b on a tree of depth 32. */
const above = (a: number, b: number): number =>
  Array.from({ length: 32 }, (_, k) => Math.floor(b / 2 ** (k + 1)) - Math.floor(a / 2 ** (k + 1)) + 1).reduce(
    (x, y) => x + y,
  );

describe("AppendOnlyTree", () => {
  it("is the reference tree, however its leaves are cut into batches, and every path leads to its root", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.bigInt({ min: 0n, max: 2n ** 250n }), { maxLength: 9 }), { maxLength: 6 }),
        batches => {
          const tree = newTree(6);
          const leaves: Field[] = [];
          for (const batch of batches) {
            expect(tree.append(packFields(batch as Field[]))).to.equal(leaves.length);
            leaves.push(...(batch as Field[]));
            expect(fieldFromBytes(tree.root())).to.equal(referenceRoot(hasher, leaves, 6));
          }
          expect(tree.snapshot().nextIndex).to.equal(leaves.length);
          for (let index = 0; index < 64; index++) {
            const leaf = fieldToBytes(leaves[index] ?? Field(0));
            expect(tree.leaf(index)).to.deep.equal(leaf);
            expect(verifyPath(hasher, { node: leaf, index, path: tree.path(index), root: tree.root() })).to.equal(true);
            expect(
              verifyPath(hasher, {
                node: fieldToBytes(Field(7n ** 80n)),
                index,
                path: tree.path(index),
                root: tree.root(),
              }),
            ).to.equal(false);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("hashes each changed node once: a batch of 1,024 on depth 32 costs 1,023 + 22, 1.02 a leaf", () => {
    const counting = new ToyHasher();
    const tree = new AppendOnlyTree({ store: new MemoryNodeStore(), hasher: counting }, { depth: 32 });
    counting.count = 0;
    for (let batch = 0; batch < 3; batch++) {
      tree.append(packFields(fields(1024, 1 + 1024 * batch)));
      const minimum = 1023 + 22;
      expect(counting.count).to.equal(minimum * (batch + 1));
    }
    counting.count = 0;
    tree.append(packFields(fields(1000)));
    tree.append(packFields(fields(1000)));
    expect(counting.count).to.equal(above(3072, 4071) + above(4072, 5071));
  });

  it("appends aligned subtrees, with the path of their root", () => {
    const tree = newTree(8);
    for (let block = 0; block < 16; block++) {
      const before = tree.root();
      const leaves = packFields(fields(16, 1 + 16 * block));
      const { index, path } = tree.appendSubtree(leaves, 4);
      expect(index).to.equal(block);
      expect(rootFromPath(hasher, newTree(4).root(), index, path)).to.deep.equal(before);
      expect(rootFromPath(hasher, tree.node(4, block), index, path)).to.deep.equal(tree.root());
    }
    expect(codeOf(() => tree.appendSubtree(packFields(fields(16)), 4))).to.equal(TreeErrorCode.FULL);
    expect(fieldFromBytes(tree.root())).to.equal(referenceRoot(hasher, fields(256), 8));
  });

  it("refuses what cannot be, and writes nothing", () => {
    const tree = newTree(2);
    tree.append(packFields(fields(3)));
    const root = tree.root();
    expect(codeOf(() => tree.append(packFields(fields(2))))).to.equal(TreeErrorCode.FULL);
    expect(codeOf(() => tree.append(new Uint8Array(33)))).to.equal(TreeErrorCode.BAD_LENGTH);
    expect(codeOf(() => tree.append(new Uint8Array(32).fill(0xff)))).to.equal(TreeErrorCode.NOT_A_FIELD);
    expect(codeOf(() => tree.appendSubtree(packFields(fields(2)), 1))).to.equal(TreeErrorCode.UNALIGNED);
    expect(codeOf(() => tree.appendSubtree(packFields(fields(1)), 1))).to.equal(TreeErrorCode.BAD_LENGTH);
    for (const index of [-1, 4, 0.5]) expect(codeOf(() => tree.path(index))).to.equal(TreeErrorCode.OUT_OF_RANGE);
    expect(codeOf(() => tree.node(3, 0))).to.equal(TreeErrorCode.OUT_OF_RANGE);
    expect(codeOf(() => newTree(33))).to.equal(TreeErrorCode.OUT_OF_RANGE);
    expect(codeOf(() => rootFromPath(hasher, root, 4, tree.path(0)))).to.equal(TreeErrorCode.OUT_OF_RANGE);
    expect(codeOf(() => rootFromPath(hasher, root, 0, new Uint8Array(31)))).to.equal(TreeErrorCode.BAD_LENGTH);
    expect(tree.root()).to.deep.equal(root);
    expect(tree.leafCount).to.equal(3);
  });

  it("notices a node that its store has lost", () => {
    const store = new MemoryNodeStore();
    const tree = new AppendOnlyTree({ store, hasher }, { depth: 4 });
    tree.append(packFields(fields(5)));
    store.writeNodes(1, 0, new Uint8Array(32));
    expect(codeOf(() => tree.path(2))).to.equal(TreeErrorCode.CORRUPT_STORE);
  });
});
