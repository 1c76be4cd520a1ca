import { Field, type FieldHasher } from "@sprtn/primitives";
import type { Proof, ProofBackend } from "@sprtn/ports";
import { CallKind, encodeTransferWitness, publicInputsToFields } from "@sprtn/protocol";
import { transferCircuit } from "@sprtn/state-transition/circuits";
import { witnesses } from "@sprtn/state-transition/transfer-fixture";
import { expect } from "chai";

const codeOfFailure = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

/** What every ProofBackend does, shown by the one circuit that all of them can prove in a moment: the client's. */
export function proofBackendCompliance(
  create: () => Promise<ProofBackend & { close?(): Promise<void> }>,
  hasher: FieldHasher,
): void {
  let backend: ProofBackend & { close?(): Promise<void> };
  let proof: Proof;
  const witness = witnesses[CallKind.TRANSFER];

  before(async () => {
    backend = await create();
    proof = await backend.prove("transfer", encodeTransferWitness(witness));
  });
  after(() => backend.close?.());

  it("proves a transfer: the twin's public inputs, the length of the protocol, and it verifies", async () => {
    expect(proof.circuit).to.equal("transfer");
    expect(proof.publicInputs).to.deep.equal(publicInputsToFields(transferCircuit(hasher, witness)));
    expect(proof.bytes).to.have.length(14_656);
    expect(await backend.verify(proof)).to.equal(true);
  });

  it("refuses a proof of other public inputs, each of the 24", async () => {
    for (const index of proof.publicInputs.keys()) {
      const other = Field((proof.publicInputs[index] as bigint) === 0n ? 1n : 0n);
      expect(
        await backend.verify({ ...proof, publicInputs: proof.publicInputs.with(index, other) }),
        `public input ${index}`,
      ).to.equal(false);
    }
    expect(await backend.verify({ ...proof, publicInputs: proof.publicInputs.slice(1) })).to.equal(false);
    expect(await backend.verify({ ...proof, publicInputs: [...proof.publicInputs, Field(0)] })).to.equal(false);
    expect(await backend.verify({ ...proof, publicInputs: [] })).to.equal(false);
  });

  it("refuses bytes that were tampered with, of any length", async () => {
    const { bytes } = proof;
    for (const at of [0, 31, 100, 7000, bytes.length - 1])
      expect(
        await backend.verify({ ...proof, bytes: bytes.with(at, (bytes[at] as number) ^ 1) }),
        `byte ${at}`,
      ).to.equal(false);
    for (const length of [0, 1, 31, 32, 33, bytes.length - 32, bytes.length - 1])
      expect(await backend.verify({ ...proof, bytes: bytes.slice(0, length) }), `${length} bytes`).to.equal(false);
    expect(await backend.verify({ ...proof, bytes: new Uint8Array(bytes.length) })).to.equal(false);
    expect(await backend.verify({ ...proof, bytes: new Uint8Array([...bytes, ...new Uint8Array(32)]) })).to.equal(
      false,
    );
  });

  it("refuses it as the proof of another circuit", async () => {
    for (const circuit of ["tx-base", "block-merge", "root-one", "root-two"] as const)
      expect(await backend.verify({ ...proof, circuit }), circuit).to.equal(false);
  });

  it("names the constraint that a witness breaks, and what is not a witness", async () => {
    const broken = { ...witness, publicSender: Field(3) };
    const error = (await backend
      .prove("transfer", encodeTransferWitness(broken))
      .catch((reason: unknown) => reason)) as { code?: string; payload?: { constraint?: string } };
    expect({ code: error.code, constraint: error.payload?.constraint }).to.deep.equal({
      code: "CIRCUIT_CONSTRAINT",
      constraint: "public sender's secrets are not known",
    });
    expect(await codeOfFailure(backend.prove("transfer", new Uint8Array(5)))).to.equal("PROTOCOL_BAD_WITNESS");
    expect(await codeOfFailure(backend.prove("block-merge", new TextEncoder().encode("[")))).to.equal(
      "CIRCUIT_BAD_INPUTS",
    );
  });
}
