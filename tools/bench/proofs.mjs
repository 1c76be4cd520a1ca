// npm run bench:proofs: real proofs, natively and in WASM: CPU seconds and peak memory of each circuit, the client's
// proof and its check, an epoch of 8 blocks of one transaction each, and what
// the plain tree would have cost by the same measurements. About ten minutes on two idle cores, 3 GB. Under the dev
// CRS, which is made first if there is none. Linux: bb's usage is read from /proc.
import { loadavg } from "node:os";
import { WasmProofEngine } from "@sprtn/circuits-client/barretenberg";
import { crsCacheFolder, ensureCrs } from "@sprtn/crs";
import { barretenbergWasm } from "@sprtn/crs/barretenberg";
import { SimdFieldHasher } from "@sprtn/field-hasher";
import { keyTreeOf } from "@sprtn/circuits-client/keys";
import { readCompiledCircuit, WorkerWitnessSolver } from "@sprtn/circuits-client/noir";
import { createRealBackend, RealBackend } from "@sprtn/circuits-client/real";
import { systemClock as clock } from "@sprtn/observability/system";
import { circuitNames, encodeTransferWitness, publicInputsToFields } from "@sprtn/protocol";
import { encodeCircuitInputs } from "@sprtn/state-transition/circuits";
import { witnesses } from "@sprtn/state-transition/transfer-fixture";
import { crsPointsOf } from "./lib/crs-points.mjs";
import { silentLogger } from "./lib/silent-logger.mjs";
import { alice, bob, PaymentChain } from "../../libs/circuits-client/dist/test/payment-chain.js";
import { witnessesOf } from "../../libs/circuits-client/dist/test/random-chain.js";

export const title = "real proofs (dev CRS; CPU seconds of all threads, of the bb process alone)";
const crs = "dev";
const prover = `0x${"aa".repeat(20)}`;
const CHECKS = 50;
const cacheFolder = crsCacheFolder(process.env.CRS_CACHE);

export async function* run({ small }) {
  const { backend, keys } = await createRealBackend(
    { logger: silentLogger, clock },
    { crs, crsPath: process.env.CRS_PATH, cacheFolder },
  );
  const hasher = new SimdFieldHasher();
  const tree = keyTreeOf(hasher, keys);
  const usage = new Map();
  const note = ({ seconds, peakMemoryBytes }) =>
    `${seconds.toFixed(1)} s wall, ${Math.round(peakMemoryBytes / 1e6)} MB, load ${loadavg()[0].toFixed(1)}`;
  /** Proves, and keeps what it took by circuit. */
  const measured = async (name, inputs) => {
    const began = performance.now();
    const proof = await backend.prove(name, inputs);
    const took = { seconds: (performance.now() - began) / 1000, ...proof.usage };
    usage.set(name, [...(usage.get(name) ?? []), took]);
    return proof;
  };
  const child = async (name, inputs) => {
    const proof = await measured(name, encodeCircuitInputs(inputs));
    return { key: tree.witness(name), publicInputs: proof.publicInputs, proof: proof.bytes };
  };
  const cpu = name => {
    const all = usage
      .get(name)
      .map(each => each.cpuSeconds)
      .toSorted((a, b) => a - b);
    return all[Math.floor(all.length / 2)];
  };
  const figure = (name, target) => ({
    name: `${name}, CPU`,
    value: cpu(name),
    unit: "s",
    ...(target === undefined ? {} : { target, lower: true }),
    note: note(usage.get(name).at(-1)),
  });
  try {
    const chain = new PaymentChain({
      hasher,
      backend: { mode: "real", prove: measured, verify: proof => backend.verify(proof) },
    });
    const blocks = small ? 2 : 8;
    chain.fixture.mine([await chain.deposit(alice)]);
    for (let i = 1; i < blocks; i++) chain.fixture.mine([await chain.transfer(alice, bob, BigInt(i))]);
    const transfers = usage.get("transfer");
    yield {
      name: "client proof, native, wall (median)",
      value: transfers.map(each => each.seconds).toSorted((a, b) => a - b)[Math.floor(transfers.length / 2)],
      unit: "s",
      target: 2,
      lower: true,
      note: `${cpu("transfer").toFixed(2)} CPU s, ${Math.round(transfers[0].peakMemoryBytes / 1e6)} MB`,
    };
    yield* wasmFigures(keys);

    const each = witnessesOf(chain.fixture, tree);
    const proof = {
      circuit: "transfer",
      publicInputs: each[0].witness.bases[0].transfer.publicInputs,
      bytes: each[0].witness.bases[0].transfer.proof,
    };
    const times = [];
    for (let i = 0; i < CHECKS; i++) {
      const began = performance.now();
      if (!(await backend.verify(proof))) throw new Error("the client proof does not verify");
      times.push(performance.now() - began);
    }
    yield {
      name: `native check of a client proof (median of ${CHECKS})`,
      value: times.toSorted((a, b) => a - b)[CHECKS / 2],
      unit: "ms",
      target: 20,
      lower: true,
    };

    const singles = each.map(({ witness, startAccumulator }) => ({
      base: witness.bases[0],
      root: { ...witness.root, startAccumulator },
    }));
    let ranges = [];
    for (let i = 0; i < singles.length; i += 2)
      ranges.push(await child("block-root-pair", { blocks: singles.slice(i, i + 2) }));
    yield figure("block-root-pair");
    while (ranges.length > 2) {
      const next = [];
      for (let i = 0; i < ranges.length; i += 2)
        next.push(await child("block-merge", { left: ranges[i], right: ranges[i + 1] }));
      ranges = next;
    }
    await child(ranges.length === 1 ? "root-one" : "root-two", { children: ranges, prover });
    if (small) return;
    yield figure("block-merge", 45);
    yield figure("root-two", 50);
    const epoch = 4 * cpu("block-root-pair") + 2 * cpu("block-merge") + cpu("root-two");

    // The long way, of which one of each is enough.
    const [first] = each;
    const base = await child("tx-base", first.witness.bases[0]);
    yield figure("tx-base", 40);
    await child("block-root-one", {
      ...first.witness.root,
      children: [base],
      startAccumulator: first.startAccumulator,
    });
    yield figure("block-root-one");
    await child("block-root-single", { blocks: [singles[0]] });
    yield figure("block-root-single");
    const plain = (8 * (cpu("tx-base") + cpu("block-root-one")) + 6 * cpu("block-merge") + cpu("root-two")) / 8;
    const alone = (8 * cpu("block-root-single") + 6 * cpu("block-merge") + cpu("root-two")) / 8;
    yield {
      name: "an epoch of 8 blocks of one transaction, CPU per transaction",
      value: epoch / 8,
      unit: "s",
      target: 65,
      lower: true,
      peers: [
        { name: "plain binary tree", value: plain },
        { name: "one block a proof", value: alone },
      ],
    };

    const two = await twoInABlock(chain, tree, child);
    await child("tx-merge", { left: two.bases[0], right: two.bases[1] });
    yield figure("tx-merge", 45);
    await child("block-root-two", { ...two.root, children: two.bases, startAccumulator: two.startAccumulator });
    yield figure("block-root-two");
  } finally {
    await backend.close();
  }
}

/** The bases of a block of two, and what its root takes besides. */
async function twoInABlock(chain, tree, child) {
  chain.fixture.mine([await chain.transfer(alice, bob, 3n), await chain.shield(alice, bob, 5n)]);
  const { witness, startAccumulator } = witnessesOf(chain.fixture, tree).at(-1);
  const bases = [await child("tx-base", witness.bases[0]), await child("tx-base", witness.bases[1])];
  return { bases, root: witness.root, startAccumulator };
}

async function* wasmFigures(keys) {
  const { folder } = await ensureCrs(
    { logger: silentLogger, clock },
    { kind: crs, points: 2 ** 16 + 1, crsPath: process.env.CRS_PATH, cacheFolder },
  );
  const { wasmPath } = await barretenbergWasm({ crsKind: crs, cacheFolder });
  const engine = new WasmProofEngine({ clock, crs: points => crsPointsOf(folder, points) }, { wasmPath });
  const solver = new WorkerWitnessSolver({ keyFields: circuitNames.map(name => keys[name].fields) });
  const backend = new RealBackend({
    engines: { forProving: async () => engine, forVerifying: async () => engine, close: () => engine.close() },
    solver,
    keys,
    readCircuit: readCompiledCircuit,
  });
  try {
    const seconds = [];
    for (let i = 0; i < 3; i++) {
      const began = performance.now();
      const proof = await backend.prove("transfer", encodeTransferWitness(witnesses[1]));
      seconds.push((performance.now() - began) / 1000);
      if (
        proof.publicInputs.length !==
        publicInputsToFields({ ...witnesses[1], nullifiers: [0n, 0n], noteHashes: [0n, 0n], feeFromNotes: 0n }).length
      )
        throw new Error("a client proof has 24 public inputs");
    }
    yield {
      name: "client proof, WASM, wall (median of 3, the first with its start)",
      value: seconds.toSorted((a, b) => a - b)[1],
      unit: "s",
      target: 8,
      lower: true,
      note: seconds.map(each => each.toFixed(1)).join(", "),
    };
  } finally {
    await backend.close();
  }
}
