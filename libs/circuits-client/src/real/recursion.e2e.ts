import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, createFileManager } from "@noir-lang/noir_wasm";
import { type CompiledCircuit, Noir } from "@noir-lang/noir_js";
import { codeOf, concatBytes, Field, type Field as FieldValue, fieldToBytes } from "@sprtn/primitives";
import { CallKind, circuitNames } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { encodeCircuitInputs, KeyTree, type TxBaseInputs } from "@sprtn/state-transition/circuits";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { ensureCrs } from "@sprtn/crs";
import { barretenbergBinary } from "@sprtn/crs/barretenberg";
import { systemClock } from "@sprtn/observability/system";
import { SimdFieldHasher } from "@sprtn/field-hasher/simd";
import { bytecodeOf, NativeCircuitTools } from "../barretenberg/index.js";
import { type CircuitKeys, keyTreeOf, readCircuitKeys } from "../keys/index.js";
import { InlineWitnessSolver, readCompiledCircuit } from "../noir/index.js";
import { witnessesOf } from "../test/random-chain.js";
import { NativeEngines } from "./native-engines.js";
import { RealBackend } from "./real-backend.js";

const cacheFolder = join(tmpdir(), "sprtn-test-crs");
const logger = new MemoryLogger();

/** As many public inputs as a transfer has, and nothing that they have to satisfy. */
const ANYTHING_GOES = "fn main(inputs: pub [Field; 24], free: Field) { assert(free * free == free); }";

/** The circuit that would let everybody spend everything. */
async function compileAnythingGoes(): Promise<CompiledCircuit> {
  const folder = await mkdtemp(join(tmpdir(), "sprtn-circuit-"));
  try {
    await mkdir(join(folder, "src"));
    await writeFile(join(folder, "Nargo.toml"), '[package]\nname = "anything"\ntype = "bin"\n[dependencies]\n');
    await writeFile(join(folder, "src/main.nr"), ANYTHING_GOES);
    const { program } = await compile(
      createFileManager(folder),
      undefined,
      () => {},
      () => {},
    );
    return program as CompiledCircuit;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A payment as tx base takes it; its client proof is still to be put in. */
function paymentInputs(keys: CircuitKeys): TxBaseInputs {
  const hasher = new SimdFieldHasher();
  const fixture = new ChainFixture(hasher);
  const [from, to] = [Field(101), Field(102)];
  fixture.mine([fixture.deposit(fixture.message(from, 10n ** 12n), { recipient: from, amount: 10n ** 12n })]);
  fixture.mine([fixture.tx({ kind: CallKind.TRANSFER, target: to, amount: 5n }, { sender: from, payer: from })]);
  const tree: KeyTree = keyTreeOf(hasher, keys);
  return witnessesOf(fixture, tree).at(-1)!.witness.bases[0]!;
}

describe("tx base, compiled, and a proof of another circuit", () => {
  let keys: CircuitKeys;
  let engines: NativeEngines;
  let inputs: TxBaseInputs;
  /** A valid proof of another circuit, of the very public inputs that the transaction has. */
  let foreign: { readonly proof: Uint8Array; readonly fields: readonly bigint[] };

  before(async () => {
    keys = await readCircuitKeys("dev");
    engines = new NativeEngines({ logger, clock: systemClock }, { crs: "dev", crsPath: undefined, cacheFolder });
    inputs = paymentInputs(keys);
    const circuit = await compileAnythingGoes();
    const bytecode = await bytecodeOf(circuit.bytecode);
    const { folder } = await ensureCrs(
      { logger, clock: systemClock },
      { kind: "dev", points: 2 ** 16 + 1, cacheFolder },
    );
    const { bbPath } = await barretenbergBinary({ crsKind: "dev", cacheFolder });
    const tools = new NativeCircuitTools({ logger }, { bbPath, crsPath: folder });
    const target = "noir-recursive" as const;
    const { verificationKey, fields } = await tools.deriveVerificationKey(bytecode, target);
    await tools.close();
    const { publicInputs } = inputs.transfer;
    const { witness } = await new Noir(circuit).execute({ inputs: publicInputs.map(toHex), free: "0x1" });
    const engine = await engines.forProving(2 ** 16);
    const { proof } = await engine.prove({ bytecode, witness, verificationKey, target });
    const bytes = concatBytes(...publicInputs.map(fieldToBytes));
    expect(await engine.verify({ proof, publicInputs: bytes, verificationKey, target })).to.equal(true);
    foreign = { proof, fields };
  });

  after(() => engines.close());

  /** @param transferKey the key's fields that the circuit is given for its child, under the transfer's key hash */
  async function prove(transferKey: readonly bigint[]): Promise<string> {
    const solver = new InlineWitnessSolver({
      readCircuit: readCompiledCircuit,
      keyFieldsAt: index => (index === 0 ? transferKey : keys[circuitNames[index]!].fields),
    });
    const backend = new RealBackend({ engines, solver, keys, readCircuit: readCompiledCircuit });
    const withChild = { ...inputs, transfer: { ...inputs.transfer, proof: foreign.proof } };
    return backend.prove("tx-base", encodeCircuitInputs(withChild)).then(() => "proven", codeOf);
  }

  it("is refused under the transfer's key", async () => {
    expect(await prove(keys.transfer.fields)).to.equal("CIRCUIT_BAD_CHILD");
  });

  it("is refused with its own key, put under the transfer's key hash", async () => {
    expect(await prove(foreign.fields)).to.equal("CIRCUIT_BAD_CHILD");
  });
});

function toHex(field: FieldValue): string {
  return `0x${field.toString(16)}`;
}
