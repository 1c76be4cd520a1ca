import { CodedError, type FieldHasher, jsFieldHasher } from "@sprtn/primitives";
import type { CircuitName, Proof, ProofBackend } from "@sprtn/ports";
import { constants, decodeTransferWitness, publicInputsToFields } from "@sprtn/protocol";
import { transferCircuit } from "@sprtn/state-transition/circuits";

/**
 * "Proves" transfers by running the circuit's twin: constraints hold, the proof's bytes are zeros of the right number.
 */
export class FakeProofBackend implements ProofBackend {
  readonly mode = "simulated";
  /** Transfers proven. */
  proven = 0;

  constructor(private readonly hasher: FieldHasher = jsFieldHasher) {}

  async prove(circuit: CircuitName, inputs: Uint8Array): Promise<Proof> {
    if (circuit !== "transfer")
      throw new CodedError("FAKE_PROOF_CIRCUIT", `the fake backend proves transfers only, not ${circuit}`);
    const publicInputs = publicInputsToFields(transferCircuit(this.hasher, decodeTransferWitness(inputs)));
    this.proven += 1;
    return { circuit, publicInputs, bytes: new Uint8Array(constants.CLIENT_PROOF_BYTES) };
  }

  async verify(proof: Proof): Promise<boolean> {
    return (
      proof.bytes.length === constants.CLIENT_PROOF_BYTES && proof.publicInputs.length === constants.TX_PUBLIC_INPUTS
    );
  }
}
