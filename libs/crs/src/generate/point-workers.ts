import { Worker } from "node:worker_threads";
import { abortError, onAbort, throwIfAborted } from "@sprtn/runtime";
import { CrsError, CrsErrorCode } from "../crs-error.js";
import { PowersOfTau } from "../curve/powers-of-tau.js";
import type { PointRange } from "../piece-store.js";
import type { PointWorkerData, PointWorkerMessage } from "./point-worker.js";

export interface PointWork {
  readonly ranges: readonly PointRange[];
  /** Threads at most; each takes a core and about 100 MB. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Receives each piece as it is done; the thread continues meanwhile. */
  readonly onPiece: (range: PointRange, points: Uint8Array) => Promise<void>;
  /** Hears how many points more are done. */
  readonly onPoints: (points: number) => void;
}

/**
 * Computes the points of all ranges in separate threads. Rejects with what a thread or `onPiece` failed with, or
 * ABORTED; no thread is left then.
 */
export async function computePoints(work: PointWork): Promise<void> {
  throwIfAborted("making the dev CRS", work.signal);
  if (work.ranges.length === 0) return;
  const threads = Math.min(work.threads, work.ranges.length);
  const total = work.ranges.reduce((sum, { count }) => sum + count, 0);
  const workerData: PointWorkerData = { windowBits: PowersOfTau.windowBitsFor(total / threads) };
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL("./point-worker.js", import.meta.url), { workerData }),
  );
  const aborted = Promise.withResolvers<never>();
  const release = onAbort(work.signal, () =>
    aborted.reject(abortError("making the dev CRS", work.signal as AbortSignal)),
  );
  const queue = work.ranges.values();
  try {
    await Promise.race([Promise.all(workers.map(worker => runWorker(worker, queue, work))), aborted.promise]);
  } finally {
    release();
    await Promise.all(workers.map(worker => worker.terminate()));
  }
}

/** Gives one thread range after range, until there are no more. */
function runWorker(worker: Worker, queue: Iterator<PointRange>, { onPiece, onPoints }: PointWork): Promise<void> {
  return new Promise((resolve, reject) => {
    const saved: Promise<void>[] = [];
    let range: PointRange | undefined;
    const next = () => {
      range = queue.next().value as PointRange | undefined;
      if (range === undefined) Promise.all(saved).then(() => resolve(), reject);
      else worker.postMessage(range, []);
    };
    worker.on("message", (message: PointWorkerMessage) => {
      if (message.type === "progress") return onPoints(message.points);
      const saving = onPiece(range as PointRange, message.points);
      saving.catch(reject);
      saved.push(saving);
      next();
    });
    const failed = (cause: unknown) =>
      reject(
        new CrsError(
          CrsErrorCode.GENERATION_FAILED,
          "a thread that generates the dev CRS ended: start again, the finished part is kept; if this continues, " +
            "free some memory (200 MB are needed)",
          {},
          { cause },
        ),
      );
    worker.once("error", failed);
    worker.once("exit", code => failed(`exit code ${code}`));
    next();
  });
}
