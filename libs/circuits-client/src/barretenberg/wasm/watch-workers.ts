/** A browser's, of which TypeScript's own libraries know nothing here. */
interface PageWorker {
  addEventListener(event: "error", listener: (event: { readonly message?: string }) => void): void;
  terminate(): void;
}

type WorkerConstructor = new (url: string | URL, options?: object) => PageWorker;

export interface WorkerWatch {
  /** Rejects when one of them does not load or start; with its URL. */
  readonly failed: Promise<never>;
  readonly urls: readonly string[];
  /** Looks away again. */
  stop(): void;
  terminate(): void;
}

/**
 * Hears of the workers that a page's script starts meanwhile: bb.js waits for its worker forever when the script is
 * not served. In Node there is nothing to watch.
 */
export function watchWorkers(): WorkerWatch {
  const scope = globalThis as unknown as { Worker?: WorkerConstructor };
  const { Worker: original } = scope;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {});
  const workers: PageWorker[] = [];
  const urls: string[] = [];
  if (original === undefined) return { failed, urls, stop: () => {}, terminate: () => {} };
  class WatchedWorker extends original {
    constructor(url: string | URL, options?: object) {
      super(url, options);
      workers.push(this);
      urls.push(String(url));
      this.addEventListener("error", ({ message }) =>
        reject(new WorkerFailure(String(url), message ?? "its script does not load")),
      );
    }
  }
  scope.Worker = WatchedWorker;
  return {
    failed,
    urls,
    stop: () => {
      if (scope.Worker === WatchedWorker) scope.Worker = original;
    },
    terminate: () => workers.forEach(worker => worker.terminate()),
  };
}

/** Which worker, and why. */
export class WorkerFailure extends Error {
  constructor(
    readonly url: string,
    reason: string,
  ) {
    super(reason);
  }
}
