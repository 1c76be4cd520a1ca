import { BackendType, Barretenberg, BBApiException } from "@aztec/bb.js";
import { messageOf } from "@sprtn/primitives";
import type { Clock } from "@sprtn/ports";
import { RuntimeError, RuntimeErrorCode, withTimeout } from "@sprtn/runtime";
import { BarretenbergError, BarretenbergErrorCode } from "../barretenberg-error.js";
import type { CrsPoints } from "../crs-points.js";
import { watchWorkers, WorkerFailure, type WorkerWatch } from "./watch-workers.js";

/** Where Barretenberg's WebAssembly is, and how many threads it gets. */
export interface WasmSettings {
  /** Path (in a browser: URL) of barretenberg-threads.wasm.gz, if not the one of bb.js. */
  readonly wasmPath?: string | undefined;
  /** Every core if absent, up to 32. */
  readonly threads?: number | undefined;
  /**
   * How long its workers may take to start, by default a minute: a page whose worker is not served would wait forever.
   */
  readonly startTimeoutMs?: number | undefined;
}

const START_TIMEOUT_MS = 60_000;

interface WasmStart {
  readonly clock: Clock;
  readonly crs: CrsPoints;
}

interface Backend {
  call(request: Uint8Array): Promise<Uint8Array>;
  /**
   * bb.js keeps it to itself: without it, a running proof could not be aborted, and its death would go unnoticed.
   */
  readonly worker?: {
    terminate(): unknown;
    /** Node's. */
    on?(event: "error" | "exit", listener: () => void): unknown;
    /** A browser's. */
    addEventListener?(event: "error", listener: () => void): unknown;
  };
}

/**
 * Barretenberg in its own worker, one command at a time. It shares its threads' memory and gives none back until
 * it is stopped.
 */
export class WasmInstance {
  readonly api: Barretenberg = new Barretenberg({ call: request => this.#call(request), destroy: async () => {} }, {});
  #fail: ((reason: Error) => void) | undefined;
  #spent = false;

  private constructor(
    private readonly inner: Barretenberg,
    private readonly backend: Backend,
    readonly points: number,
  ) {
    const dead = () =>
      this.#break(
        new BarretenbergError(
          BarretenbergErrorCode.WASM_FAILED,
          "the worker of Barretenberg's WebAssembly died, most likely because it ran out of memory: use fewer " +
            "threads, or native proofs",
        ),
      );
    if (backend.worker?.on === undefined) backend.worker?.addEventListener?.("error", dead);
    else for (const event of ["error", "exit"] as const) backend.worker.on(event, dead);
  }

  /** @throws WASM_FAILED, WORKER_NOT_STARTED */
  static async start(settings: WasmSettings, { clock, crs }: WasmStart): Promise<WasmInstance> {
    const { wasmPath } = settings;
    let instance: WasmInstance | undefined;
    const workers = watchWorkers();
    try {
      if (wasmPath !== undefined) await requireFile(wasmPath);
      const inner = await withTimeout(
        { clock, timeoutMs: settings.startTimeoutMs ?? START_TIMEOUT_MS, what: "the start of Barretenberg's workers" },
        () => Promise.race([newBarretenberg(settings), workers.failed]),
      );
      instance = new WasmInstance(inner, inner["backend"], Math.floor(crs.g1.length / 64));
      await instance.api.srsInitSrs({ pointsBuf: crs.g1, numPoints: instance.points, g2Point: crs.g2 });
      return instance;
    } catch (cause) {
      const error = workerNotStarted(cause, workers) ?? doesNotStart(wasmPath, cause);
      await instance?.stop(error);
      workers.terminate();
      throw error;
    } finally {
      workers.stop();
    }
  }

  /** Whether something was thrown inside: what was on its stack stays there, so it is not to be used again. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Ends it at once; what waits for an answer gets `reason`. */
  async stop(reason: Error): Promise<void> {
    this.#break(reason);
    const { worker } = this.backend;
    // A browser's `terminate` gives nothing to wait for, and what is asked of a dead worker is never answered.
    if (worker === undefined) await this.inner.destroy();
    else await worker.terminate();
  }

  #call(request: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.backend.call(request).then(resolve, (error: unknown) => this.#break(thrown(error)));
    });
  }

  #break(reason: Error): void {
    this.#spent = true;
    this.#fail?.(reason);
  }
}

/**
 * Where a native bb answers with a refusal, the WebAssembly throws it from the middle of its work; that has a plain
 * name, unlike a trap.
 */
function thrown(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new BBApiException(messageOf(error));
  if (name === "Error" && message !== "") return new BBApiException(message);
  return new BarretenbergError(
    BarretenbergErrorCode.WASM_FAILED,
    `Barretenberg's WebAssembly failed: ${name} ${message}. The next proof gets a new instance; if that one fails ` +
      "too, use native proofs",
    {},
    { cause: error },
  );
}

function newBarretenberg({ wasmPath, threads }: WasmSettings): Promise<Barretenberg> {
  return Barretenberg.new({
    backend: BackendType.WasmWorker,
    skipSrsInit: true,
    ...(wasmPath === undefined ? {} : { wasmPath }),
    ...(threads === undefined ? {} : { threads }),
  });
}

function workerNotStarted(cause: unknown, { urls }: WorkerWatch): BarretenbergError | undefined {
  const failure = cause instanceof WorkerFailure;
  if (!failure && !(cause instanceof RuntimeError && cause.code === RuntimeErrorCode.TIMEOUT)) return undefined;
  const [url] = failure ? [cause.url] : urls;
  const where = url === undefined ? "" : ` (${url})`;
  return new BarretenbergError(
    BarretenbergErrorCode.WORKER_NOT_STARTED,
    `a worker of Barretenberg's WebAssembly does not start${where}: ${messageOf(cause)}. In a web page, serve ` +
      "main.worker.js and thread.worker.js of @aztec/bb.js next to the script that contains it (docs/browser.md)",
    url === undefined ? {} : { path: url },
    { cause },
  );
}

function doesNotStart(wasmPath: string | undefined, cause: unknown): BarretenbergError {
  const text =
    `Barretenberg's WebAssembly does not start: ${messageOf(cause)}. Reinstall @aztec/bb.js, or give the ` +
    "path of its barretenberg-threads.wasm.gz, swapped if the CRS is the dev CRS";
  return new BarretenbergError(
    BarretenbergErrorCode.WASM_FAILED,
    text,
    wasmPath === undefined ? {} : { path: wasmPath },
    { cause },
  );
}

/** bb.js leaves a worker behind when there is no file, and the worker keeps this process alive. */
async function requireFile(wasmPath: string): Promise<void> {
  // No import, so that bundlers for browsers look for no file system.
  await globalThis.process?.getBuiltinModule?.("node:fs/promises").access(wasmPath);
}
