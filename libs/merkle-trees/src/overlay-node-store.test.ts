import { Field, ZERO_FIELD } from "@sprtn/primitives";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  applyChanges,
  AppendOnlyTree,
  MemoryNodeStore,
  type NodeStore,
  NullifierTree,
  OverlayNodeStore,
  packFields,
  PublicDataTree,
} from "./index.js";
import { ToyHasher } from "./test/toy-hasher.js";

const hasher = new ToyHasher();
const depth = 10;
const key = fc.oneof(fc.bigInt({ min: 1n, max: 20n }), fc.bigInt({ min: 1n, max: 2n ** 253n })) as fc.Arbitrary<Field>;
const trees = {
  appendOnly: (store: NodeStore, values: Field[]) => {
    const tree = new AppendOnlyTree({ store, hasher }, { depth });
    tree.append(packFields(values));
    return tree;
  },
  nullifier: (store: NodeStore, values: Field[]) => {
    const tree = new NullifierTree({ store, hasher }, { depth, leafSeparator: 2n });
    tree.insert(packFields([...new Set(values)].filter(value => !tree.has(value))));
    return tree;
  },
  publicData: (store: NodeStore, values: Field[]) => {
    const tree = new PublicDataTree({ store, hasher }, { depth, leafSeparator: 3n });
    tree.write(packFields(values.flatMap((value, i) => [value, Field(i)])));
    return tree;
  },
};

describe("OverlayNodeStore", () => {
  for (const [name, write] of Object.entries(trees)) {
    it(`${name}: stacked overlays, dropped, committed or applied elsewhere, equal the writes made directly`, () => {
      fc.assert(
        fc.property(
          fc.array(key, { maxLength: 20 }),
          fc.array(
            fc.record({ values: fc.array(key, { maxLength: 8 }), end: fc.constantFrom("commit", "drop", "apply") }),
            { maxLength: 8 },
          ),
          (first, steps) => {
            const direct = new MemoryNodeStore();
            const base = new MemoryNodeStore();
            write(direct, first);
            write(base, first);
            const fork = new OverlayNodeStore(base);
            for (const { values, end } of steps) {
              const before = write(fork, []).root();
              const overlay = new OverlayNodeStore(fork);
              const root = write(overlay, values).root();
              expect(write(fork, []).root()).to.deep.equal(before);
              if (end === "drop") overlay.drop();
              if (end === "commit") overlay.commit();
              if (end === "apply") applyChanges(fork, overlay.changes());
              if (end !== "drop") expect(write(direct, values).root()).to.deep.equal(root);
              const now = write(fork, []);
              expect(now.root()).to.deep.equal(write(direct, []).root());
              for (const index of [0, 1, now.leafCount])
                expect(now.path(index)).to.deep.equal(write(direct, []).path(index));
            }
            fork.commit();
            expect(write(base, []).root()).to.deep.equal(write(direct, []).root());
            for (const value of [...first, ...steps.flatMap(step => step.values), ZERO_FIELD]) {
              const bytes = packFields([value]);
              expect(base.floorKey(bytes)).to.deep.equal(direct.floorKey(bytes));
            }
          },
        ),
        { numRuns: 40 },
      );
    });
  }
});
