import type { Clock } from "./clock.js";
import { requireAtLeast, RuntimeError, RuntimeErrorCode } from "./runtime-error.js";
import type { Service } from "./service.js";

/** The work of a loop, and a listener for what it throws. */
export interface LoopDependencies {
  readonly clock: Clock;
  /** One round of the work. Its signal fires when the loop stops. */
  readonly step: (signal: AbortSignal) => Promise<void>;
  /** Hears what a step threw; the loop continues. Not called for what a step throws once the loop is stopping. */
  readonly onError: (error: unknown) => void;
}

/** Pace of a loop, ms. */
export interface LoopSettings {
  readonly intervalMs: number;
  /** Whether the first step runs at the start (the default) or an interval later. */
  readonly firstStep?: "now" | "after-interval";
}

/**
 * Runs a step every `intervalMs`, from start to start, never two at once. A step that takes longer than the interval
 * skips the rounds that it missed: they are not made up for.
 */
export class Loop implements Service {
  readonly #dependencies: LoopDependencies;
  readonly #settings: LoopSettings;
  #controller: AbortController | undefined;
  #running: Promise<void> | undefined;
  /** The round that {@link trigger} asked for while another was running. */
  #next: PromiseWithResolvers<void> | undefined;
  #cancelTimer: () => void = () => {};
  #releaseSignal: () => void = () => {};

  constructor(dependencies: LoopDependencies, settings: LoopSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    requireAtLeast("a loop's interval in ms", settings.intervalMs, 1);
  }

  /** An abort of `signal` ends the loop as {@link stop} does, without waiting. @throws ALREADY_STARTED */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#controller || this.#running)
      throw new RuntimeError(
        RuntimeErrorCode.ALREADY_STARTED,
        "the loop is already running: stop it before starting it again",
        { what: "loop" },
      );
    this.#controller = new AbortController();
    const end = () => this.#end();
    signal.addEventListener("abort", end, { once: true });
    this.#releaseSignal = () => signal.removeEventListener("abort", end);
    if (signal.aborted) this.#end();
    else if (this.#settings.firstStep === "after-interval") this.#schedule(this.#settings.intervalMs);
    else void this.#run();
  }

  /** Resolves when the running step, if any, has ended. */
  async stop(): Promise<void> {
    this.#end();
    await this.#running;
  }

  /**
   * Runs a step now, or right after the running one; several calls meanwhile are one. Resolves when that step has ended
   * or the loop has stopped, and never rejects: errors go to `onError`. Without effect on a loop that does not run.
   */
  async trigger(): Promise<void> {
    if (!this.#controller) return;
    if (!this.#running) return this.#run();
    this.#next ??= Promise.withResolvers<void>();
    return this.#next.promise;
  }

  #end(): void {
    this.#releaseSignal();
    this.#cancelTimer();
    this.#controller?.abort();
    this.#controller = undefined;
    this.#next?.resolve();
    this.#next = undefined;
  }

  #run(): Promise<void> {
    this.#cancelTimer();
    this.#running = this.#step().finally(() => {
      this.#running = undefined;
      const next = this.#next;
      this.#next = undefined;
      if (next) void this.#run().then(next.resolve);
    });
    return this.#running;
  }

  async #step(): Promise<void> {
    const { clock, step, onError } = this.#dependencies;
    const controller = this.#controller as AbortController;
    const startedMs = clock.steadyMs();
    try {
      await step(controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) onError(error);
    }
    if (controller.signal.aborted) return;
    const spentMs = clock.steadyMs() - startedMs;
    this.#schedule(this.#settings.intervalMs - (spentMs % this.#settings.intervalMs));
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer = this.#dependencies.clock.schedule(delayMs, () => void this.#run());
  }
}
