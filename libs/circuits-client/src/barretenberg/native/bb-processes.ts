import type { Logger } from "@sprtn/ports";
import { abortError, onAbort, throwIfAborted } from "@sprtn/runtime";
import { closedError } from "../barretenberg-error.js";
import { BbProcess, type BbProcessSettings } from "./bb-process.js";
import { OrphanGuard } from "./orphan-guard.js";

/** Starts bb processes and knows those that run: none outlives this process, or `close`. */
export class BbProcesses {
  readonly #running = new Set<BbProcess>();
  #guard: OrphanGuard | undefined;
  #closed = false;

  readonly #dependencies: { readonly logger: Logger };

  constructor(dependencies: { readonly logger: Logger }) {
    this.#dependencies = dependencies;
  }

  get guard(): OrphanGuard {
    return (this.#guard ??= new OrphanGuard());
  }

  /** A process to keep. @throws CLOSED */
  start(settings: BbProcessSettings): BbProcess {
    if (this.#closed) throw closedError();
    const { logger } = this.#dependencies;
    const process = new BbProcess({ guard: this.guard }, settings);
    const about = { job: settings.job, pid: process.pid };
    logger.debug("bb started", about);
    this.#running.add(process);
    void this.#forget(process, about);
    return process;
  }

  /**
   * `task` with its own process, which is gone when this returns or throws. Killed immediately, without notice,
   * when `signal` fires.
   * @throws ABORTED, CLOSED, what `task` throws
   */
  async run<T>(
    settings: BbProcessSettings,
    task: (process: BbProcess) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    throwIfAborted(settings.job, signal);
    const process = this.start(settings);
    const release = onAbort(signal, () => void process.kill(abortError(settings.job, signal as AbortSignal)));
    try {
      return await task(process);
    } finally {
      release();
      await process.kill(closedError());
    }
  }

  /** Kills them all; resolves when they are gone, and `users` of theirs have noticed. */
  async close(users: Promise<unknown> = Promise.resolve()): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map(process => process.kill(closedError())));
    await users;
    await this.#guard?.close();
  }

  async #forget(process: BbProcess, about: Readonly<Record<string, unknown>>): Promise<void> {
    await process.ended;
    this.#running.delete(process);
    this.#dependencies.logger.debug("bb ended", about);
  }
}
