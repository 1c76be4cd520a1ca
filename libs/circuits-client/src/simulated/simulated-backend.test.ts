import { circuitGates } from "@sprtn/circuits";
import { EthAddress, Field, jsFieldHasher, Slot, ZERO_FIELD } from "@sprtn/primitives";
import type { CircuitName, Proof } from "@sprtn/ports";
import {
  CallKind,
  circuitNames,
  constants,
  encodeTransferWitness,
  publicInputsToFields,
  type RootPublicInputs,
  rootPublicInputsToFields,
  simulatedRootProof,
  type TransferWitness,
} from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { witnessBlock } from "@sprtn/state-transition";
import { chain, ChainFixture } from "@sprtn/state-transition/chain-fixture";
import {
  type ChildProof,
  type CircuitInputs,
  encodeCircuitInputs,
  KeyTree,
  type RollupCircuit,
  type SingleBlock,
} from "@sprtn/state-transition/circuits";
import { expect } from "chai";
import { proofBackendCompliance } from "../test/proof-backend-compliance.js";
import { SimulatedBackend } from "./simulated-backend.js";
import { isSimulatedProof, simulatedProof } from "./simulated-proof.js";

const keys = KeyTree.simulated(jsFieldHasher);
const prover = EthAddress(`0x${"aa".repeat(20)}`);
const clock = new ManualClock();
const backend = new SimulatedBackend({ hasher: jsFieldHasher, clock }, { baseDelayMs: 0 });
const codeOfFailure = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

/** A transfer that moves nothing and costs nothing: two dummy inputs, no outputs. */
const idle: TransferWitness = {
  chainId: chain.chainId,
  rollupVersion: chain.rollupVersion,
  anchorNoteHashRoot: Field(1),
  expirationSlot: Slot(9),
  encryptedNotesHash: ZERO_FIELD,
  publicSender: ZERO_FIELD,
  call: { kind: CallKind.NONE, target: ZERO_FIELD, amount: 0n, message: ZERO_FIELD },
  feePayer: ZERO_FIELD,
  gas: {
    l2GasLimit: 0,
    daGasLimit: 0,
    l2TeardownGasLimit: 0,
    daTeardownGasLimit: 0,
    maxFees: { perL2Gas: 0n, perDaGas: 0n },
    priorityFees: { perL2Gas: 0n, perDaGas: 0n },
  },
  nsk: Field(5),
  inputs: [1, 2].map(n => ({
    value: 0n,
    randomness: Field(n),
    firstNullifier: ZERO_FIELD,
    outputIndex: 0,
    leafIndex: 0n,
    path: Array.from({ length: constants.NOTE_HASH_TREE_DEPTH }, () => ZERO_FIELD),
  })) as never,
  outputs: [1, 2].map(() => ({ present: false, value: 0n, npk: ZERO_FIELD, randomness: ZERO_FIELD })) as never,
  sender: { nsk: ZERO_FIELD, viewingKey: { x: ZERO_FIELD, y: ZERO_FIELD } },
  payer: { nsk: ZERO_FIELD, viewingKey: { x: ZERO_FIELD, y: ZERO_FIELD } },
  message: { portal: ZERO_FIELD, globalIndex: 0n, secret: ZERO_FIELD },
};

interface Made {
  readonly inputs: Uint8Array;
  readonly proof: Proof;
}

/** One proof of every circuit, made by the backend out of a chain of four blocks with 3, 0, 1 and 1 transactions. */
async function everyCircuit() {
  const fixture = new ChainFixture();
  const notes = (count: number) =>
    Array.from({ length: count }, () => fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
  for (const count of [3, 0, 1, 1]) fixture.mine(notes(count));
  const made = new Map<CircuitName, Made>();
  const prove = async <Name extends RollupCircuit>(name: Name, inputs: CircuitInputs[Name]): Promise<ChildProof> => {
    const bytes = encodeCircuitInputs(inputs);
    const proof = await backend.prove(name, bytes);
    made.set(name, { inputs: bytes, proof });
    return { key: keys.witness(name), publicInputs: proof.publicInputs, proof: proof.bytes };
  };
  const transfer = encodeTransferWitness(idle);
  made.set("transfer", { inputs: transfer, proof: await backend.prove("transfer", transfer) });

  const replay = new ChainFixture();
  const references = [replay.state.reference()];
  const ranges: ChildProof[] = [];
  const singles: SingleBlock[] = [];
  for (const block of fixture.blocks.slice(1)) {
    const txs = fixture
      .txsOf(block)
      .map(tx => ({ ...tx, proof: simulatedProof("transfer", publicInputsToFields(tx.inputs)) }));
    const witness = witnessBlock(replay.state, {
      chain,
      keyTreeRoot: keys.root(),
      transferKey: keys.witness("transfer"),
      block,
      txs,
      messages: [],
      opening: number => ({
        headerHash: fixture.blocks[number]!.headerHash,
        state: references[number]!,
        number,
        slot: fixture.blocks[number]!.header.slot,
      }),
      anchorBlock: root => fixture.noteRoots.get(root)!,
      messageIndex: () => 0n,
    });
    references.push(replay.state.reference());
    const bases: ChildProof[] = [];
    for (const base of witness.bases) bases.push(await prove("tx-base", base));
    const children =
      bases.length === 3 ? [await prove("tx-merge", { left: bases[0]!, right: bases[1]! }), bases[2]!] : bases;
    const name = (["block-root-empty", "block-root-one", "block-root-two"] as const)[children.length as 0 | 1 | 2];
    const root = { ...witness.root, startAccumulator: fixture.accumulators[block.header.number - 1]! };
    ranges.push(await prove(name, { ...root, children }));
    if (witness.bases.length === 1) singles.push({ base: witness.bases[0]!, root });
  }
  const [one, two, three] = ranges as [ChildProof, ChildProof, ChildProof];
  await prove("block-root-single", { blocks: singles.slice(0, 1) });
  await prove("block-root-pair", { blocks: singles });
  const merged = await prove("block-merge", { left: one, right: two });
  await prove("root-one", { children: [merged], prover });
  await prove("root-two", { children: [merged, three], prover });
  return made;
}

describe("simulated backend", () => {
  proofBackendCompliance(
    async () => new SimulatedBackend({ hasher: jsFieldHasher, clock }, { baseDelayMs: 0 }),
    jsFieldHasher,
  );

  let made: ReadonlyMap<CircuitName, Made>;
  before(async () => {
    made = await everyCircuit();
  });

  it("PROV-6: a proof of each circuit has the real one's size, and verifies", async () => {
    const sizes: Record<string, number> = { transfer: 14_656, "root-one": 10_688, "root-two": 10_688 };
    expect([...made.keys()].toSorted()).to.deep.equal([...circuitNames].toSorted());
    for (const [name, { proof }] of made) {
      expect(proof.bytes.length, name).to.equal(sizes[name] ?? 13_120);
      expect(proof.circuit).to.equal(name);
      expect(await backend.verify(proof), name).to.equal(true);
    }
  });

  it("a root's is the marker that L1 takes", () => {
    const { proof } = made.get("root-two")!;
    const [keyTreeRoot, domain, startArchive, endArchive, startAccumulator, endAccumulator] = proof.publicInputs as [
      Field,
      Field,
      Field,
      Field,
      Field,
      Field,
    ];
    const inputs: RootPublicInputs = {
      keyTreeRoot,
      domain,
      startArchive,
      endArchive,
      startAccumulator,
      endAccumulator,
      prover,
    };
    expect(proof.publicInputs).to.deep.equal(rootPublicInputsToFields(inputs));
    expect(proof.bytes).to.deep.equal(simulatedRootProof(inputs));
  });

  it("a marker that was tampered with is refused: bytes, length, public inputs, circuit", async () => {
    for (const [name, { proof }] of made) {
      const flipped = proof.bytes.with(3, (proof.bytes[3]! + 1) % 256);
      const tampered: Proof[] = [
        { ...proof, bytes: flipped },
        { ...proof, bytes: proof.bytes.with(proof.bytes.length - 1, proof.bytes.at(-1)! ^ 1) },
        { ...proof, bytes: proof.bytes.slice(1) },
        { ...proof, bytes: new Uint8Array() },
        { ...proof, publicInputs: proof.publicInputs.with(0, Field(7)) },
        { ...proof, publicInputs: proof.publicInputs.slice(1) },
        { ...proof, publicInputs: [...proof.publicInputs, Field(0)] },
        { ...proof, publicInputs: [] },
        { ...proof, circuit: name === "tx-base" ? "tx-merge" : "tx-base" },
      ];
      for (const [index, each] of tampered.entries())
        expect(await backend.verify(each), `${name} ${index}`).to.equal(false);
    }
    // Its last public input is an address.
    const root = made.get("root-one")!.proof;
    expect(isSimulatedProof({ ...root, publicInputs: root.publicInputs.with(6, Field(1n << 160n)) })).to.equal(false);
  });

  it("runs the circuit's checks, its children's proofs among them", async () => {
    const text = new TextEncoder();
    expect(await codeOfFailure(backend.prove("tx-base", text.encode("{}")))).to.equal("CIRCUIT_BAD_INPUTS");
    expect(await codeOfFailure(backend.prove("tx-base", Uint8Array.of(255)))).to.equal("CIRCUIT_BAD_INPUTS");
    expect(await codeOfFailure(backend.prove("transfer", Uint8Array.of(1)))).to.equal("PROTOCOL_BAD_WITNESS");
    expect(
      await codeOfFailure(backend.prove("transfer", encodeTransferWitness({ ...idle, publicSender: Field(3) }))),
    ).to.equal("CIRCUIT_CONSTRAINT");
    expect(await codeOfFailure(backend.prove("root-one", made.get("root-two")!.inputs))).to.equal("CIRCUIT_CONSTRAINT");
    const { proof } = made.get("block-merge")!;
    const child = (bytes: Uint8Array): ChildProof => ({
      key: keys.witness("block-merge"),
      publicInputs: proof.publicInputs,
      proof: bytes,
    });
    const root = (bytes: Uint8Array) =>
      backend.prove("root-one", encodeCircuitInputs({ children: [child(bytes)], prover }));
    expect(await codeOfFailure(root(proof.bytes))).to.equal("none");
    expect(await codeOfFailure(root(new Uint8Array(13_120)))).to.equal("CIRCUIT_BAD_CHILD");
  });

  it("takes its time on the clock, in proportion to the circuit, and can be cut short", async () => {
    const slow = new SimulatedBackend({ hasher: jsFieldHasher, clock }, { baseDelayMs: 1000 });
    const took = async (name: CircuitName) => {
      const startMs = clock.nowMs();
      const proving = slow.prove(name, made.get(name)!.inputs).then(() => clock.nowMs() - startMs);
      for (let i = 0; i < 300; i++) await clock.advance(10);
      return proving;
    };
    for (const name of ["transfer", "tx-base", "tx-merge", "root-two"] as const)
      expect(await took(name), name).to.be.closeTo((1000 * circuitGates[name]) / circuitGates["tx-base"], 1e-6);
    const controller = new AbortController();
    const cut = codeOfFailure(slow.prove("tx-base", made.get("tx-base")!.inputs, controller.signal));
    controller.abort();
    expect(await cut).to.equal("RUNTIME_ABORTED");
    expect(clock.pendingTimers).to.equal(0);
  });
});
