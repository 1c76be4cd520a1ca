import { messageOf } from "@sprtn/primitives";
import { abortError } from "./abort.js";
import { RuntimeError, RuntimeErrorCode } from "./runtime-error.js";
import type { Service } from "./service.js";

/** A service of a {@link Lifecycle}. */
export interface NamedService {
  /** Names the service in errors. */
  readonly name: string;
  readonly service: Service;
}

interface Running extends NamedService {
  readonly controller: AbortController;
}

/**
 * Services with one life: started in order, stopped in reverse. If one does not start, those before it and itself are
 * stopped again. A stopped group may be started again.
 */
export class Lifecycle implements Service {
  readonly #services: readonly NamedService[];
  /** In order of start. */
  #running: Running[] = [];
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #giveUp = new AbortController();

  constructor(dependencies: { readonly services: readonly NamedService[] }) {
    this.#services = dependencies.services;
  }

  /**
   * Each service gets its own signal, which fires right before its `stop` is called; all fire when `signal` does.
   * @throws START_FAILED (cause: the service's error), ABORTED (by `signal` or by `stop`), ALREADY_STARTED
   */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#starting || this.#stopping || this.#running.length > 0) {
      throw new RuntimeError(
        RuntimeErrorCode.ALREADY_STARTED,
        "the services are already running: stop them before starting them again",
        { what: "start" },
      );
    }
    this.#giveUp = new AbortController();
    this.#starting = this.#startAll(AbortSignal.any([signal, this.#giveUp.signal]), signal).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /**
   * Stops every service even if some fail to, then throws STOP_FAILED with all their errors. Called during `start`, it
   * makes that give up.
   */
  async stop(): Promise<void> {
    this.#stopping ??= this.#stopNow().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  async #startAll(giveUp: AbortSignal, life: AbortSignal): Promise<void> {
    let current = "start";
    try {
      for (const { name, service } of this.#services) {
        current = name;
        if (giveUp.aborted) throw abortError("start", giveUp);
        const controller = new AbortController();
        this.#running.push({ name, service, controller });
        const abortStart = () => controller.abort(giveUp.reason);
        giveUp.addEventListener("abort", abortStart, { once: true });
        try {
          await service.start(AbortSignal.any([life, controller.signal]));
        } finally {
          giveUp.removeEventListener("abort", abortStart);
        }
      }
      if (giveUp.aborted) throw abortError("start", giveUp);
    } catch (cause) {
      const trouble = await this.#stopRunning().then(
        () => "",
        (error: unknown) => `; then ${messageOf(error)}`,
      );
      if (giveUp.aborted)
        throw new RuntimeError(
          RuntimeErrorCode.ABORTED,
          `the start was aborted${trouble}`,
          { what: current },
          { cause: giveUp.reason },
        );
      throw new RuntimeError(
        RuntimeErrorCode.START_FAILED,
        `${current} did not start: ${messageOf(cause)}${trouble}`,
        { what: current },
        { cause },
      );
    }
  }

  async #stopNow(): Promise<void> {
    this.#giveUp.abort();
    // A start that gives up stops what it started, and its caller hears how that went.
    await this.#starting?.catch(() => undefined);
    await this.#stopRunning();
  }

  async #stopRunning(): Promise<void> {
    const failed: { name: string; error: unknown }[] = [];
    for (let entry = this.#running.pop(); entry; entry = this.#running.pop()) {
      entry.controller.abort();
      try {
        await entry.service.stop();
      } catch (error) {
        failed.push({ name: entry.name, error });
      }
    }
    if (failed.length === 0) return;
    const text = failed.map(({ name, error }) => `${name} did not stop: ${messageOf(error)}`).join("; ");
    throw new RuntimeError(
      RuntimeErrorCode.STOP_FAILED,
      text,
      { what: "stop", services: failed.map(({ name }) => name) },
      { cause: new AggregateError(failed.map(({ error }) => error)) },
    );
  }
}
