import { type Field, sha256ToField } from "@sprtn/primitives";
import { publicInputsToFields, type Tx } from "@sprtn/protocol";
import type { ProofBackend } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";
import type { TxPoolMetrics } from "../tx-pool-metrics.js";

/** TX-1: the proof verifies. What was found valid, through gossip, RPC or a proposal, is not verified again. */
export class ProofChecker {
  readonly #dependencies: { readonly proofs: ProofBackend; readonly metrics: TxPoolMetrics };
  /** By transaction, the proof found valid: a hash leaves the proof out, so others may come with it. */
  readonly #valid: LruMap<Field, Field>;
  readonly #running = new Map<string, Promise<boolean>>();

  constructor(
    dependencies: { readonly proofs: ProofBackend; readonly metrics: TxPoolMetrics },
    settings: { readonly remembered: number },
  ) {
    this.#dependencies = dependencies;
    this.#valid = new LruMap(settings.remembered);
  }

  /**
   * @throws what the backend throws if it could not tell
   */
  async verify(tx: Tx): Promise<boolean> {
    const proof = sha256ToField(tx.proof);
    if (this.#valid.get(tx.hash) === proof) return true;
    const key = `${tx.hash}:${proof}`;
    const running = this.#running.get(key);
    if (running) return running;
    const started = this.#start(tx, proof).finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }

  async #start(tx: Tx, proof: Field): Promise<boolean> {
    const { proofs, metrics } = this.#dependencies;
    const valid = await proofs.verify({
      circuit: "transfer",
      publicInputs: publicInputsToFields(tx.inputs),
      bytes: tx.proof,
    });
    metrics.proofVerified(valid);
    if (valid) this.#valid.set(tx.hash, proof);
    return valid;
  }
}
