import { Field, toHex } from "@sprtn/primitives";
import { expect } from "chai";
import * as fc from "fast-check";
import {
  AppendOnlyTree,
  KvNodeStore,
  MemoryNodeStore,
  type NodeStore,
  NullifierTree,
  OverlayNodeStore,
  packFields,
  PublicDataTree,
  type PutBatch,
  TreeError,
  TreeErrorCode,
} from "./index.js";
import { ToyHasher } from "./test/toy-hasher.js";

const hasher = new ToyHasher();
const depth = 12;
const key = fc.oneof(fc.bigInt({ min: 1n, max: 20n }), fc.bigInt({ min: 1n, max: 2n ** 253n })) as fc.Arbitrary<Field>;

class MapKv {
  readonly entries = new Map<string, Uint8Array>();

  get(at: Uint8Array): Uint8Array | undefined {
    return this.entries.get(toHex(at));
  }

  write(batch: PutBatch): void {
    for (const put of batch.puts) this.entries.set(toHex(put.key), put.value.slice());
  }
}

/** The three trees of one state in one database. */
function openTrees(store: (prefix: number) => NodeStore): {
  append(values: Field[]): void;
  roots(): string[];
  paths(): Uint8Array[];
} {
  const notes = new AppendOnlyTree({ store: store(1), hasher }, { depth });
  const nullifiers = new NullifierTree({ store: store(2), hasher }, { depth, leafSeparator: 2n });
  const slots = new PublicDataTree({ store: store(3), hasher }, { depth, leafSeparator: 3n });
  const trees = [notes, nullifiers, slots];
  return {
    append: values => {
      notes.append(packFields(values));
      nullifiers.insert(packFields([...new Set(values)].filter(value => !nullifiers.has(value))));
      slots.write(packFields(values.flatMap((value, i) => [value, Field(i)])));
    },
    roots: () => trees.map(tree => toHex(tree.root())),
    paths: () => trees.flatMap(tree => [0, tree.leafCount >> 1, tree.leafCount].map(index => tree.path(index))),
  };
}

function answers(tree: NullifierTree): unknown[] {
  return [
    ...[1n << 249n, 1n << 250n, 1n << 252n].map(value => tree.witness(Field(value))),
    ...[0, 1, 2].map(index => tree.leaf(index)),
    tree.root(),
  ];
}

describe("KvNodeStore", () => {
  it("is the tree in memory: through batches in flight, failed writes, small caches and reopening", () => {
    const step = fc.record({
      values: fc.array(key, { maxLength: 40 }),
      next: fc.constantFrom("nothing", "take", "write", "finish", "reopen"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (steps, cachedRecords) => {
        const kv = new MapKv();
        const open = (): Map<number, KvNodeStore> =>
          new Map(
            [1, 2, 3].map(prefix => [
              prefix,
              new KvNodeStore({ kv }, { prefix: Uint8Array.of(prefix), cachedRecords }),
            ]),
          );
        let stores = open();
        let trees = openTrees(prefix => stores.get(prefix) as KvNodeStore);
        const memory = new Map([1, 2, 3].map(prefix => [prefix, new MemoryNodeStore()]));
        const twin = openTrees(prefix => memory.get(prefix) as MemoryNodeStore);
        const batches: PutBatch[] = [];
        const finish = (): void => {
          for (const batch of batches) kv.write(batch);
          for (const batch of batches.splice(0).toReversed()) batch.done();
        };
        for (const { values, next } of steps) {
          trees.append(values);
          twin.append(values);
          if (next !== "nothing") for (const store of stores.values()) batches.push(store.takePuts());
          if (next === "write") for (const batch of batches) kv.write(batch);
          if (next === "finish" || next === "reopen") finish();
          if (next === "reopen") {
            stores = open();
            trees = openTrees(prefix => stores.get(prefix) as KvNodeStore);
          }
          expect(trees.roots()).to.deep.equal(twin.roots());
          expect(trees.paths()).to.deep.equal(twin.paths());
        }
      }),
      { numRuns: 40 },
    );
  });

  it("takes an overlay's commit as one batch, and nothing of a dropped one", () => {
    const kv = new MapKv();
    const store = new KvNodeStore({ kv }, { prefix: Uint8Array.of(9) });
    const overlay = new OverlayNodeStore(store);
    const tree = new AppendOnlyTree({ store: overlay, hasher }, { depth: 32 });
    tree.append(packFields([Field(1)]));
    overlay.drop();
    expect(store.takePuts().puts).to.have.length(0);
    tree.append(packFields(Array.from({ length: 1024 }, (_, i) => Field(i))));
    const root = tree.root();
    overlay.commit();
    const batch = store.takePuts();
    // Pages 64 + 4 + 1, one for each four levels above, the root's; and the leaf count.
    expect(batch.puts).to.have.length(64 + 4 + 1 + 5 + 1 + 1);
    kv.write(batch);
    batch.done();
    expect(
      new AppendOnlyTree(
        { store: new KvNodeStore({ kv }, { prefix: Uint8Array.of(9) }), hasher },
        { depth: 32 },
      ).root(),
    ).to.deep.equal(root);
  });

  it("notices records that are lost or cut off", () => {
    const kv = new MapKv();
    const open = (): NullifierTree =>
      new NullifierTree(
        { store: new KvNodeStore({ kv }, { prefix: Uint8Array.of(7) }), hasher },
        { depth, leafSeparator: 2n },
      );
    const tree = open();
    tree.insert(packFields([Field(1n << 250n), Field(1n << 252n)]));
    kv.write((tree.store as KvNodeStore).takePuts());
    const intact = new Map(kv.entries);
    const whole = answers(tree);
    let noticed = 0;
    for (const at of intact.keys()) {
      for (const damage of ["lost", "cut"]) {
        kv.entries.clear();
        for (const [other, value] of intact) kv.entries.set(other, value);
        if (damage === "lost") kv.entries.delete(at);
        else kv.entries.set(at, new Uint8Array(1));
        try {
          // Pages that hold nothing but the left spine are not needed for these answers.
          expect(answers(open())).to.deep.equal(whole);
        } catch (error) {
          expect(error).to.be.instanceOf(TreeError).with.property("code", TreeErrorCode.CORRUPT_STORE);
          noticed++;
        }
      }
    }
    expect(noticed).to.be.greaterThan(intact.size);
  });
});
