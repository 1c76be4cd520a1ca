import { FEED_VERSION, type FeedChange, type FeedEvent, type FeedState, reduce } from "@sprtn/feed";
import type { Clock, FeedReader, Logger } from "@sprtn/ports";
import { codeOf, messageOf } from "@sprtn/primitives";
import { isAbortError, OngoingTrouble, sleep } from "@sprtn/runtime";
import { LoadError, LoadErrorCode } from "../load-error.js";

/** A node that is watched: by its name in reports, and through the stream of its page. */
export interface NodeWatchDependencies {
  readonly name: string;
  readonly reader: FeedReader;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Hears what a node tells; moments are `clock.steadyMs`, corrected by how far the node's clock is off. */
export interface NodeWatchListener {
  /** The whole state: at the begin, and whenever events were missed. */
  onState(state: FeedState): void;
  /** A change, with the state after it. */
  onChange(change: FeedChange, state: FeedState, atMs: number): void;
}

const RETRY_MS = 1_000;

/** Follows one node's page for as long as it must, through restarts of the node. */
export class NodeWatch {
  readonly #dependencies: NodeWatchDependencies;
  readonly #trouble = new OngoingTrouble();
  /** From the node's clock to this machine's steady one, ms: the least that any message took is in it. */
  #offsetMs: number | undefined;
  #state: FeedState | undefined;

  constructor(
    dependencies: NodeWatchDependencies,
    private readonly listener: NodeWatchListener,
  ) {
    this.#dependencies = dependencies;
  }

  get name(): string {
    return this.#dependencies.name;
  }

  /** Absent before the first answer. */
  get state(): FeedState | undefined {
    return this.#state;
  }

  /** A moment of the node's clock, ms since 1970, on this machine's steady one. */
  steady(nodeMs: number): number {
    return nodeMs + (this.#offsetMs ?? 0);
  }

  /** Runs until the signal fires; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, name } = this.#dependencies;
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        if (isAbortError(error) || signal.aborted) return;
        if (this.#trouble.isNew(codeOf(error)))
          logger.warn("a node's events cannot be read; it is tried again", { node: name, reason: messageOf(error) });
      }
      try {
        await sleep(clock, RETRY_MS, signal);
      } catch {
        return;
      }
    }
  }

  /** Until the stream ends, or events were missed. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { reader, name, logger } = this.#dependencies;
    const state = this.#read<FeedState>(await reader.snapshot(signal));
    this.#adopt(state);
    if (this.#trouble.end() !== undefined) logger.info("a node's events are read again", { node: name });
    for await (const frame of reader.frames(state.seq, signal)) {
      if (frame.kind === "resync") return;
      if (frame.kind === "time") this.#compare(frame.atMs);
      else this.#apply(this.#read<FeedEvent>(frame.json));
    }
  }

  #adopt(state: FeedState): void {
    this.#compare(state.atMs);
    this.#guard(() => this.listener.onState(state));
    // Only one that could be read.
    this.#state = state;
  }

  #apply(event: FeedEvent): void {
    const state = this.#state as FeedState;
    if (event.seq <= state.seq) return;
    this.#compare(event.atMs);
    this.#guard(() => {
      const next = reduce(state, event);
      this.#state = next;
      this.listener.onChange(event, next, this.steady(event.atMs));
    });
  }

  #compare(nodeMs: number): void {
    const offsetMs = this.#dependencies.clock.steadyMs() - nodeMs;
    if (Number.isFinite(offsetMs)) this.#offsetMs = Math.min(this.#offsetMs ?? offsetMs, offsetMs);
  }

  #read<T extends { readonly v: number }>(json: string): T {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (cause) {
      throw this.#strange(`no JSON: ${messageOf(cause)}`, cause);
    }
    if (typeof value !== "object" || value === null || !("v" in value)) throw this.#strange("no state and no event");
    if (value.v !== FEED_VERSION) throw this.#strange(`of version ${JSON.stringify(value.v)}`);
    return value as T;
  }

  /** What a node of this release tells has the right shape; anything else must not end the run. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (cause) {
      throw this.#strange(messageOf(cause), cause);
    }
  }

  #strange(what: string, cause?: unknown): LoadError {
    return new LoadError(
      LoadErrorCode.OTHER_NETWORK,
      `${this.name} tells what this program cannot read (${what}): use nodes of this release`,
      { what },
      { cause },
    );
  }
}
