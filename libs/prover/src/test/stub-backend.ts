import { Field } from "@sprtn/primitives";
import type { CircuitName, Proof, ProofBackend, ProofJob } from "@sprtn/ports";

/** A proof that {@link StubBackend} calls right. */
export const rightProof = (circuit: CircuitName, publicInput = 1): Proof => ({
  circuit,
  publicInputs: [Field(publicInput)],
  bytes: Uint8Array.of(1),
});

export const wrongProof = (circuit: CircuitName): Proof => ({ ...rightProof(circuit), bytes: Uint8Array.of(0) });

export const job = (id: string, change: Partial<ProofJob> = {}): ProofJob => ({
  id,
  circuit: "tx-base",
  epoch: 1,
  height: 0,
  inputs: new TextEncoder().encode(id),
  ...change,
});

/** Proves at once, or as `onProve` says; right is what begins with 1. */
export class StubBackend implements ProofBackend {
  readonly mode = "simulated";
  /** Inputs proven, as text. */
  readonly proven: string[] = [];
  onProve: (inputs: string, signal?: AbortSignal) => Promise<void> | void = () => {};
  onVerify: () => Promise<void> | void = () => {};

  async prove(circuit: CircuitName, inputs: Uint8Array, signal?: AbortSignal): Promise<Proof> {
    const text = new TextDecoder().decode(inputs);
    await this.onProve(text, signal);
    this.proven.push(text);
    return rightProof(circuit, text.length);
  }

  async verify(proof: Proof): Promise<boolean> {
    await this.onVerify();
    return proof.bytes[0] === 1;
  }
}
