// Run by a test: starts a verifier and a prover, says their pids, and waits to be killed.
import { MemoryLogger } from "@sprtn/testing";
import { NativeProofEngine, type ProofTarget } from "../barretenberg/index.js";
import type { BarretenbergSetup } from "./barretenberg-setup.js";
import { tinyCircuit } from "./tiny-circuit.js";

const { setup, target, key } = JSON.parse(process.argv[2] as string) as {
  setup: BarretenbergSetup;
  target: ProofTarget;
  key: string;
};
const verificationKey = new Uint8Array(Buffer.from(key, "base64"));

/** Stops each bb when its start is logged. */
class StoppingLogger extends MemoryLogger {
  readonly #pids = new Set<number>();

  override debug(_message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const { pid } = fields;
    if (typeof pid !== "number" || this.#pids.has(pid)) return;
    this.#pids.add(pid);
    process.kill(pid, "SIGSTOP");
    // Not as a number, which the console may colour.
    process.stdout.write(`${String(pid)}\n`);
  }
}

const engine = new NativeProofEngine({ logger: new StoppingLogger() }, setup);
const { bytecode, witness, publicInputs } = tinyCircuit;
const verifying = engine.verify({ proof: new Uint8Array(458 * 32), publicInputs, verificationKey, target });
await Promise.all([verifying, engine.prove({ bytecode, witness, verificationKey, target })]);
