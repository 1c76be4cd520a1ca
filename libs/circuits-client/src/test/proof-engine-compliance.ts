import { gunzipSync, gzipSync } from "node:zlib";
import { codeOf, concatBytes } from "@sprtn/primitives";
import { isAbortError } from "@sprtn/runtime";
import { expect } from "chai";
import {
  BarretenbergError,
  BarretenbergErrorCode,
  type MadeProof,
  type ProofEngine,
  type ProofTarget,
  type ProveRequest,
  type VerifyRequest,
} from "../barretenberg/index.js";
import { proofTargets, tinyCircuit, type TinyKeys } from "./tiny-circuit.js";

const { bytecode, witness } = tinyCircuit;

/** A copy with one bit of one byte changed; from the end if `at` is negative. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy.set([(copy.at(at) as number) ^ 1], at < 0 ? bytes.length + at : at);
  return copy;
}

export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("no error"),
    (error: unknown) => error,
  );
}

export async function expectCode(promise: Promise<unknown>, code: BarretenbergErrorCode): Promise<BarretenbergError> {
  const error = await errorOf(promise);
  expect(error).to.be.instanceOf(BarretenbergError).with.property("code", code);
  return error as BarretenbergError;
}

/** What every ProofEngine must do. */
export function proofEngineCompliance(create: () => Promise<ProofEngine>, deriveKeys: () => Promise<TinyKeys>): void {
  let engine: ProofEngine;
  let keys: TinyKeys;
  const proofs = new Map<ProofTarget, MadeProof>();
  const request = (target: ProofTarget): ProveRequest => ({ bytecode, witness, verificationKey: keys[target], target });
  const made = (target: ProofTarget): VerifyRequest => ({
    ...(proofs.get(target) as MadeProof),
    verificationKey: keys[target],
    target,
  });

  before(async () => {
    [engine, keys] = await Promise.all([create(), deriveKeys()]);
    for (const target of proofTargets) proofs.set(target, await engine.prove(request(target)));
  });
  after(() => engine.close());

  for (const target of proofTargets) {
    describe(target, () => {
      it("makes proofs that it verifies, again and again", async () => {
        const valid = made(target);
        expect(Buffer.from(valid.publicInputs)).to.deep.equal(tinyCircuit.publicInputs);
        expect([await engine.verify(valid), await engine.verify(valid)]).to.deep.equal([true, true]);
      });

      it("sees every change: in the proof, in a public input, in the key", async () => {
        const { proof, publicInputs, verificationKey } = made(target);
        const tampered = [
          ...[31, proof.length >> 1, -1].map(at => ({ proof: flipped(proof, at) })),
          ...[-1].map(at => ({ publicInputs: flipped(publicInputs, at) })),
          { publicInputs: concatBytes(publicInputs.subarray(32), publicInputs.subarray(0, 32)) },
          ...[31, 63, 95].map(at => ({ verificationKey: flipped(verificationKey, at) })),
        ];
        for (const change of tampered)
          expect(await engine.verify({ ...made(target), ...change }), JSON.stringify(change).slice(0, 60)).to.equal(
            false,
          );
      });

      it("takes nothing malformed, of any length, and lives on", async () => {
        const { proof, verificationKey } = made(target);
        const lengths = [
          0,
          1,
          31,
          32,
          33,
          64,
          proof.length - 32,
          proof.length - 1,
          proof.length + 1,
          proof.length + 32,
          2 * proof.length,
          2 ** 22,
        ];
        const malformed = [
          ...lengths.map(length => ({ proof: new Uint8Array(length).fill(1) })),
          { proof: proof.subarray(0, -32) },
          { proof: concatBytes(proof, proof.subarray(0, 32)) },
          { proof: new Uint8Array(proof.length) },
          ...[0, 1, 32, 63, 65, 96, 2 ** 20].map(length => ({ publicInputs: new Uint8Array(length) })),
          ...[0, 1, 32, verificationKey.length - 32, verificationKey.length, verificationKey.length + 32].map(
            length => ({ verificationKey: new Uint8Array(length) }),
          ),
          { verificationKey: new Uint8Array(verificationKey.length).fill(0xff) },
          ...proofTargets.filter(other => other !== target).map(other => ({ target: other })),
        ];
        for (const change of malformed) expect(await engine.verify({ ...made(target), ...change })).to.equal(false);
        expect(await engine.verify(made(target))).to.equal(true);
      });
    });
  }

  it("answers each of many at once", async () => {
    const requests = [...proofTargets, ...proofTargets].flatMap(target => [
      made(target),
      { ...made(target), proof: flipped(made(target).proof, 40) },
    ]);
    expect(await Promise.all(requests.map(each => engine.verify(each)))).to.deep.equal(
      requests.map((_, i) => i % 2 === 0),
    );
  });

  it("makes no valid proof of what is not so, without a word", async () => {
    const untrue = await engine.prove({ ...request("noir-recursive"), witness: tinyCircuit.brokenWitness });
    expect(untrue.publicInputs).to.have.length(64);
    expect(await engine.verify({ ...made("noir-recursive"), ...untrue })).to.equal(false);
  });

  it("refuses what does not fit the circuit, each with its code", async () => {
    const { REFUSED, BAD_WITNESS, BAD_KEY, WASM_FAILED } = BarretenbergErrorCode;
    const valid = request("noir-recursive");
    const cutOff = gzipSync(gunzipSync(witness).subarray(0, -40));
    const { message } = await expectCode(engine.prove({ ...valid, witness: tinyCircuit.otherWitness }), REFUSED);
    expect(message).to.contain("witness");
    expect(codeOf(await errorOf(engine.prove({ ...valid, witness: cutOff })))).to.be.oneOf([REFUSED, WASM_FAILED]);
    await expectCode(engine.prove({ ...valid, bytecode: bytecode.subarray(1) }), REFUSED);
    for (const bad of [new Uint8Array(), new Uint8Array(100), witness.subarray(0, -20)])
      await expectCode(engine.prove({ ...valid, witness: bad }), BAD_WITNESS);
    for (const bad of [new Uint8Array(), new Uint8Array(valid.verificationKey.length), keys["evm-no-zk"]])
      await expectCode(engine.prove({ ...valid, verificationKey: bad }), BAD_KEY);
    expect(await engine.verify(made("noir-recursive"))).to.equal(true);
  });

  it("gives up when it is told to, and works on", async () => {
    expect(await errorOf(engine.prove(request("noir-recursive"), AbortSignal.abort()))).to.satisfy(isAbortError);
    const controller = new AbortController();
    const [first, second] = [
      errorOf(engine.prove(request("noir-recursive"), controller.signal)),
      engine.prove(request("evm-no-zk")),
    ];
    setImmediate(() => controller.abort());
    expect(await first).to.satisfy(isAbortError);
    expect(await engine.verify({ ...made("evm-no-zk"), ...(await second) })).to.equal(true);
  });

  it("closes in the middle of it all, and does nothing after", async () => {
    const other = await create();
    const open = [errorOf(other.prove(request("noir-recursive"))), errorOf(other.verify(made("noir-recursive")))];
    await other.close();
    for (const error of await Promise.all(open))
      expect(["BB_CLOSED", "RUNTIME_QUEUE_CLOSED"]).to.include((error as BarretenbergError).code);
    await expectCode(other.prove(request("noir-recursive")), BarretenbergErrorCode.CLOSED);
    await expectCode(other.verify(made("noir-recursive")), BarretenbergErrorCode.CLOSED);
    await other.close();
  });
}
