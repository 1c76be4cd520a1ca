import type { Clock } from "@sprtn/ports";
import { abortError, onAbort, SerialQueue, throwIfAborted } from "@sprtn/runtime";
import { closedError, crsTooSmall } from "../barretenberg-error.js";
import { prove, verify } from "../commands.js";
import type { CrsPoints } from "../crs-points.js";
import { gunzipWitness } from "../gunzip.js";
import type { MadeProof, ProofEngine, ProveRequest, VerifyRequest } from "../proof-engine.js";
import { requireReadableKey } from "../verification-key.js";
import { WasmInstance, type WasmSettings } from "./wasm-instance.js";

/** Where points come from, and the clock that limits the start of workers. */
export interface WasmProofEngineDependencies {
  /**
   * That many points at least, or what there is. Asked for one point to verify (`crsGenerator` will do), and for a
   * circuit's number of rows to prove.
   */
  readonly crs: (points: number) => Promise<CrsPoints>;
  /** Limits the time that workers may take to start. */
  readonly clock: Clock;
}

/** Those of the WebAssembly, and how many requests may wait. */
export interface WasmProofEngineSettings extends WasmSettings {
  /** Beyond which QUEUE_FULL is thrown; 64 if absent. */
  readonly maxWaiting?: number | undefined;
}

/**
 * For wallets, in browsers too: everything in one worker, one thing at a time, a few times slower than natively. It
 * starts when it is needed, in about a third of a second.
 */
export class WasmProofEngine implements ProofEngine {
  readonly #queue: SerialQueue;
  #instance: WasmInstance | undefined;
  #closed = false;

  readonly #dependencies: WasmProofEngineDependencies;

  constructor(
    dependencies: WasmProofEngineDependencies,
    private readonly settings: WasmProofEngineSettings = {},
  ) {
    this.#dependencies = dependencies;
    this.#queue = new SerialQueue({ name: "the queue of proofs", maxWaiting: settings.maxWaiting ?? 64 });
  }

  async prove(request: ProveRequest, signal?: AbortSignal): Promise<MadeProof> {
    const { logSize } = requireReadableKey(request.verificationKey, request.target);
    throwIfAborted("prove", signal);
    const witness = await gunzipWitness(request.witness);
    return this.#run(2 ** logSize, instance => prove(instance.api, { ...request, witness }), signal);
  }

  async verify(request: VerifyRequest): Promise<boolean> {
    return this.#run(1, instance => verify(instance.api, request));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const idle = this.#queue.close();
    await this.#stop(closedError());
    await idle;
  }

  async #run<T>(points: number, task: (instance: WasmInstance) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed) throw closedError();
    return this.#queue.run(async () => {
      const instance = await this.#living(points);
      throwIfAborted("prove", signal);
      const release = onAbort(signal, () => void this.#stop(abortError("prove", signal as AbortSignal)));
      try {
        return await task(instance);
      } finally {
        release();
      }
    }, signal);
  }

  /** One that is whole, with that many points: they can be given to it once only, at the start. */
  async #living(points: number): Promise<WasmInstance> {
    if (this.#instance?.spent || (this.#instance?.points ?? 0) < points) await this.#stop(closedError());
    this.#instance ??= await this.#start(points);
    if (!this.#closed) return this.#instance;
    await this.#stop(closedError());
    throw closedError();
  }

  async #start(pointsNeeded: number): Promise<WasmInstance> {
    const crs = await this.#dependencies.crs(pointsNeeded);
    const points = Math.floor(crs.g1.length / 64);
    if (points < pointsNeeded) throw crsTooSmall({ points, pointsNeeded });
    return WasmInstance.start(this.settings, { clock: this.#dependencies.clock, crs });
  }

  async #stop(reason: Error): Promise<void> {
    const instance = this.#instance;
    this.#instance = undefined;
    await instance?.stop(reason);
  }
}
