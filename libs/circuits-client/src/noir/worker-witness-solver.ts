import { Worker } from "node:worker_threads";
import { messageOf } from "@sprtn/primitives";
import { type CircuitName, ProtocolError, ProtocolErrorCode } from "@sprtn/protocol";
import { CircuitError, CircuitErrorCode } from "@sprtn/state-transition/circuits";
import { NoirError, NoirErrorCode } from "./noir-error.js";
import type { SolvedWitness, WitnessSolver } from "./witness-solver.js";

/** What the worker is started with: the keys' fields by their index in the key tree. */
export interface SolverStart {
  readonly keyFields: readonly (readonly bigint[])[];
}

export interface SolverRequest {
  readonly id: number;
  readonly circuit: CircuitName;
  readonly inputs: Uint8Array;
}

export interface SolverAnswer {
  readonly id: number;
  readonly solved?: SolvedWitness;
  readonly failed?: { readonly code: string; readonly message: string; readonly constraint?: string };
}

type Waiting = PromiseWithResolvers<SolvedWitness>;

/**
 * Solves in a worker thread, one after the other, so that nothing else in the process waits. The worker is started when
 * it is first needed, and again after it died.
 */
export class WorkerWitnessSolver implements WitnessSolver {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  constructor(private readonly start: SolverStart) {}

  solve(circuit: CircuitName, inputs: Uint8Array): Promise<SolvedWitness> {
    const worker = this.#worker ?? this.#spawn();
    const waiting: Waiting = Promise.withResolvers();
    const id = this.#next++;
    this.#waiting.set(id, waiting);
    // What it works on keeps the process alive, an idle worker does not.
    worker.ref();
    worker.postMessage({ id, circuit, inputs } satisfies SolverRequest);
    return waiting.promise;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #spawn(): Worker {
    const worker = new Worker(new URL("./witness-worker.js", import.meta.url), { workerData: this.start });
    worker.on("message", (answer: SolverAnswer) => this.#answered(worker, answer));
    let cause: unknown;
    worker.on("error", error => {
      cause = error;
    });
    worker.on("exit", () => this.#died(worker, cause));
    this.#worker = worker;
    return worker;
  }

  #answered(worker: Worker, { id, solved, failed }: SolverAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) worker.unref();
    if (solved !== undefined) waiting?.resolve(solved);
    else waiting?.reject(errorOf(failed));
  }

  #died(worker: Worker, cause: unknown): void {
    if (this.#worker === worker) this.#worker = undefined;
    const error = new NoirError(
      NoirErrorCode.WORKER_DIED,
      `the witness thread ended (${cause === undefined ? "it was stopped" : messageOf(cause)}): the proof will be ` +
        "tried again",
      {},
      { cause },
    );
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}

/** The worker's error, with the code that it had there. */
function errorOf(failed: SolverAnswer["failed"]): Error {
  const { code, message, constraint } = failed ?? { code: "", message: "no answer" };
  const circuitCode = Object.values(CircuitErrorCode).find(known => known === code);
  if (circuitCode !== undefined)
    return new CircuitError(circuitCode, message, constraint === undefined ? {} : { constraint });
  if (code === ProtocolErrorCode.BAD_WITNESS) return new ProtocolError(code, message);
  return new NoirError(Object.values(NoirErrorCode).find(known => known === code) ?? NoirErrorCode.FAILED, message);
}
