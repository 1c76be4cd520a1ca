import type { Clock, Proof, ProofBackend } from "@sprtn/ports";
import { concatBytes, fieldToBytes, sha256ToField } from "@sprtn/primitives";
import { LruMap, sleep } from "@sprtn/runtime";

/** Verdicts that are remembered: twice what a pool holds, for validators hear of a transaction at different times. */
const REMEMBERED = 16_384;

interface Verdict {
  readonly valid: Promise<boolean>;
  /** What coming to it took, ms; not known before the end. */
  tookMs: number;
}

/**
 * Verifies a proof once for all validators of a process. Those that ask again are charged: the verdict comes only after
 * as long as the first verification took.
 */
export class SharedVerdicts implements ProofBackend {
  readonly #dependencies: { readonly backend: ProofBackend; readonly clock: Clock };
  readonly #verdicts = new LruMap<string, Verdict>(REMEMBERED);

  constructor(dependencies: { readonly backend: ProofBackend; readonly clock: Clock }) {
    this.#dependencies = dependencies;
  }

  get mode(): ProofBackend["mode"] {
    return this.#dependencies.backend.mode;
  }

  prove(...job: Parameters<ProofBackend["prove"]>): Promise<Proof> {
    return this.#dependencies.backend.prove(...job);
  }

  async verify(proof: Proof): Promise<boolean> {
    const { clock } = this.#dependencies;
    const key = `${proof.circuit} ${sha256ToField(concatBytes(...proof.publicInputs.map(fieldToBytes), proof.bytes))}`;
    const known = this.#verdicts.get(key);
    if (known === undefined) return this.#verify(key, proof);
    const askedMs = clock.steadyMs();
    const valid = await known.valid;
    const leftMs = known.tookMs - (clock.steadyMs() - askedMs);
    // Below a timer's resolution, waiting costs more than the work.
    if (leftMs >= 1) await sleep(clock, leftMs);
    return valid;
  }

  async #verify(key: string, proof: Proof): Promise<boolean> {
    const { backend, clock } = this.#dependencies;
    const startedMs = clock.steadyMs();
    const verdict: Verdict = { valid: backend.verify(proof), tookMs: 0 };
    this.#verdicts.set(key, verdict);
    try {
      return await verdict.valid;
    } catch (error) {
      // Who could not tell says nothing about the proof.
      this.#verdicts.delete(key);
      throw error;
    } finally {
      verdict.tookMs = clock.steadyMs() - startedMs;
    }
  }
}
