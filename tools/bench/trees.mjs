// Trees: appends, indexed insertions, proofs, memory; peers in the same run with the same hasher plugged in. They keep
// their trees in memory, ours write to level unless it says memory.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { IMT } from "@zk-kit/imt";
import { createFieldHasher } from "@sprtn/field-hasher";
import { AppendOnlyTree, KvNodeStore, MemoryNodeStore, NullifierTree } from "@sprtn/merkle-trees";
import { fieldFromBytes, jsFieldHasher } from "@sprtn/primitives";
import fixedMerkleTree from "fixed-merkle-tree";
import { openLevel } from "./lib/level-kv.mjs";
import { rate, residentBytes } from "./lib/measure.mjs";
import { fieldsFrom, mixHasher, sortedFieldsFrom } from "./lib/mix-hasher.mjs";

const { MerkleTree: FixedMerkleTree } = fixedMerkleTree;
export const title = "trees (Poseidon2, depth 32)";
const DEPTH = 32;
const SEPARATOR = 2n;
const prefix = Uint8Array.of(1);
const logger = { warn: message => console.error(message) };

export async function* run({ small }) {
  const leaves = small ? 2 ** 14 : 2 ** 20;
  const budgetMs = small ? 300 : 4000;
  const hashers = {
    simd: await createFieldHasher({ logger }, { kind: "simd" }),
    wasm: await createFieldHasher({ logger }, { kind: "wasm" }),
    native: await createFieldHasher({ logger }, { kind: "native" }),
  };
  const pairs = fieldsFrom(0, 2048);
  for (const [kind, hasher] of Object.entries({ js: jsFieldHasher, ...hashers })) {
    const { perSecond, note } = await rate(
      forever(),
      budgetMs / 4,
      () => hasher.hashPairs(pairs.subarray(0, 64 * 128)).length / 32,
    );
    yield { name: `tree nodes hashed, ${kind}`, value: perSecond, unit: "hashes/s", note };
  }
  for (const [kind, hasher] of Object.entries(hashers)) {
    const value = await appendRate(hasher, budgetMs);
    const peers = [
      { name: "fixed-merkle-tree", value: await fixedAppendRate(hasher, budgetMs / 4) },
      { name: "@zk-kit/imt", value: await imtAppendRate(hasher, budgetMs / 4) },
    ];
    yield {
      name: `append, batches of 1,024, ${kind}`,
      value: value.perSecond,
      unit: "leaves/s",
      target: { simd: 18_000, wasm: 18_000, native: 25_000 }[kind],
      peers,
      note: value.note,
    };
  }
  yield* indexedFigures(hashers, leaves, budgetMs);
  for (const hasher of Object.values(hashers)) hasher.close();
  yield* proofFigures(leaves, budgetMs);
  const bytes = {};
  for (const who of ["ours", "fixed-merkle-tree", "@zk-kit/imt"]) bytes[who] = await inOwnProcess(who, leaves);
  const peers = ["fixed-merkle-tree", "@zk-kit/imt"].map(name => ({ name, value: bytes[name] }));
  yield {
    name: `append-only tree in memory, ${leaves.toLocaleString("en-US")} leaves`,
    value: bytes.ours,
    unit: "bytes/leaf",
    target: 100,
    lower: true,
    peers,
    note: "resident",
  };
}

function* forever() {
  for (let i = 0; ; i++) yield i;
}

/** As the peers want to hash: two bigints in, one out. */
const pairHash = hasher => (left, right) => hasher.hash([left, right]);
const bigints = packed =>
  Array.from({ length: packed.length / 32 }, (_, i) => fieldFromBytes(packed.subarray(32 * i, 32 * i + 32)));

async function appendRate(hasher, budgetMs) {
  const level = await openLevel();
  const store = new KvNodeStore({ kv: level.kv }, { prefix });
  const tree = new AppendOnlyTree({ store, hasher }, { depth: DEPTH });
  const result = await rate(forever(), budgetMs, async batch => {
    tree.append(fieldsFrom(1024 * batch, 1024));
    await level.flush(store);
    return 1024;
  });
  await level.close();
  return result;
}

async function fixedAppendRate(hasher, budgetMs) {
  const tree = new FixedMerkleTree(DEPTH, [], { hashFunction: pairHash(hasher), zeroElement: 0n });
  return (
    await rate(forever(), budgetMs, batch => {
      tree.bulkInsert(bigints(fieldsFrom(1024 * batch, 1024)));
      return 1024;
    })
  ).perSecond;
}

async function imtAppendRate(hasher, budgetMs) {
  const hash = pairHash(hasher);
  const tree = new IMT(([left, right]) => hash(left, right), DEPTH, 0n, 2);
  return (
    await rate(bigints(fieldsFrom(0, 4096)), budgetMs, leaf => {
      tree.insert(leaf);
      return 1;
    })
  ).perSecond;
}

/** A nullifier tree of `leaves` on level, then 64 more at a time. */
async function* indexedFigures(hashers, leaves, budgetMs) {
  const level = await openLevel();
  const store = new KvNodeStore({ kv: level.kv }, { prefix });
  const open = hasher => new NullifierTree({ store, hasher }, { depth: DEPTH, leafSeparator: SEPARATOR });
  const laying = open(mixHasher);
  const laid = sortedFieldsFrom(0, leaves - 1);
  for (let from = 0; from < leaves - 1; from += 2 ** 14) {
    laying.insert(laid.subarray(32 * from, 32 * (from + 2 ** 14)));
    await level.flush(store);
  }
  let next = leaves;
  for (const [kind, hasher] of Object.entries(hashers)) {
    const tree = open(hasher);
    for (const [how, insert] of [
      ["without witnesses", values => tree.insert(values)],
      ["with witnesses", values => tree.insertWithWitnesses(values)],
    ]) {
      const { perSecond, note } = await rate(forever(), budgetMs, async () => {
        insert(fieldsFrom(next, 64));
        next += 64;
        await level.flush(store);
        return 64;
      });
      yield {
        name: `indexed inserts by 64 at ${leaves.toLocaleString("en-US")}, ${how}, ${kind}`,
        value: perSecond,
        unit: "leaves/s",
        ...(how === "without witnesses" && kind !== "native" ? { target: 1500 } : {}),
        note,
      };
    }
  }
  const tree = open(mixHasher);
  const keys = bigints(fieldsFrom(0, 4096));
  const { perSecond, note } = await rate(forever(), budgetMs / 4, i => (tree.witness(keys[i % 4096]), 1));
  yield { name: "low-leaf witnesses, level", value: perSecond, unit: "proofs/s", note };
  await level.close();
}

async function* proofFigures(leaves, budgetMs) {
  const level = await openLevel();
  const onDisk = new KvNodeStore({ kv: level.kv }, { prefix });
  const trees = {
    memory: new AppendOnlyTree({ store: new MemoryNodeStore(), hasher: mixHasher }, { depth: DEPTH }),
    level: new AppendOnlyTree({ store: onDisk, hasher: mixHasher }, { depth: DEPTH }),
  };
  for (let from = 0; from < leaves; from += 2 ** 14) {
    for (const tree of Object.values(trees)) tree.append(fieldsFrom(from, 2 ** 14));
    await level.flush(onDisk);
  }
  const nodes = bigints(fieldsFrom(0, 2 ** 14));
  const fixed = new FixedMerkleTree(DEPTH, nodes, { hashFunction: left => left, zeroElement: 0n });
  const imt = new IMT(([left]) => left, DEPTH, 0n, 2, nodes);
  const at = (i, count) => (Math.imul(i, 0x9e3779b1) >>> 0) & (count - 1);
  const proofs = async (of, count) =>
    (
      await rate(forever(), budgetMs / 4, i => {
        for (let k = 0; k < 64; k++) of(at(64 * i + k, count));
        return 64;
      })
    ).perSecond;
  const peers = [
    { name: "fixed-merkle-tree", value: await proofs(i => fixed.path(i), 2 ** 14) },
    { name: "@zk-kit/imt", value: await proofs(i => imt.createProof(i), 2 ** 14) },
  ];
  yield {
    name: `proofs of random leaves, memory, ${leaves.toLocaleString("en-US")}`,
    value: await proofs(i => trees.memory.path(i), leaves),
    unit: "proofs/s",
    target: 100_000,
    peers,
    note: "peers at 16,384",
  };
  yield {
    name: `proofs of random leaves, level, ${leaves.toLocaleString("en-US")}`,
    value: await proofs(i => trees.level.path(i), leaves),
    unit: "proofs/s",
  };
  await level.close();
}

/** Resident bytes a leaf, of a tree alone in its process. */
function inOwnProcess(who, leaves) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ["--resident", who, String(leaves)], {
      execArgv: ["--expose-gc"],
    });
    child.on("message", resolve);
    child.on("exit", code => reject(new Error(`measuring the memory of ${who} ended with ${code}`)));
  });
}

if (process.argv[2] === "--resident") {
  const [who, leaves] = [process.argv[3], Number(process.argv[4])];
  fieldsFrom(0, 1024);
  const before = residentBytes();
  const trees = [];
  if (who === "ours") {
    const tree = new AppendOnlyTree({ store: new MemoryNodeStore(), hasher: mixHasher }, { depth: DEPTH });
    for (let from = 0; from < leaves; from += 1024) tree.append(fieldsFrom(from, 1024));
    trees.push(tree);
  } else {
    const hash = left => left + 1n;
    const tree =
      who === "@zk-kit/imt"
        ? new IMT(([left]) => hash(left), DEPTH, 0n, 2)
        : new FixedMerkleTree(DEPTH, [], { hashFunction: hash, zeroElement: 0n });
    for (let from = 0; from < leaves; from += 1024) {
      const batch = bigints(fieldsFrom(from, 1024));
      if (who === "@zk-kit/imt") for (const leaf of batch) tree.insert(leaf);
      else tree.bulkInsert(batch);
    }
    trees.push(tree);
  }
  process.send((residentBytes() - before) / leaves, () => process.exit(trees.length === 1 ? 0 : 1));
}
