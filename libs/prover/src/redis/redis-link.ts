import { CodedError, messageOf } from "@sprtn/primitives";
import type { Clock, Logger } from "@sprtn/ports";
import { sleep, throwIfAborted } from "@sprtn/runtime";
import { Redis } from "ioredis";
import { ProverError, ProverErrorCode } from "../prover-error.js";
import { hostOf } from "./host-of.js";
import { requireFit } from "./require-fit.js";

export interface RedisLinkDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface RedisLinkSettings {
  /** redis://… or rediss://…, with user and password if it wants them. */
  readonly url: string;
  /** How long Redis may take to answer at the start. */
  readonly connectMs: number;
}

/** A command without an answer for this long has none: the other machine may be gone without a word. */
const COMMAND_MS = 10_000;
const RETRY_MS = 200;
const MAX_RECONNECT_MS = 2000;

/**
 * The connection to Redis. Nothing waits inside the client: a command without a connection fails at once and is never
 * sent again behind its caller's back, so that no job is taken for an agent that has given up.
 * To wait instead, use {@link patiently}.
 */
export class RedisLink {
  readonly redis: Redis;
  readonly #host: string;
  #closed = false;
  /** Once there was a connection. */
  #known = false;
  #reachable = true;
  #trouble = "no answer";

  readonly #dependencies: RedisLinkDependencies;

  /** @throws ProverError QUEUE_BAD_URL */
  private constructor(dependencies: RedisLinkDependencies, { url }: RedisLinkSettings) {
    this.#dependencies = dependencies;
    this.#host = hostOf(url);
    this.redis = new Redis(url, {
      // Commands without an answer when the connection is lost get none.
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      commandTimeout: COMMAND_MS,
      retryStrategy: times => Math.min(MAX_RECONNECT_MS, 25 * 2 ** Math.min(times, 8)),
    });
    // Each BullMQ queue listens.
    this.redis.setMaxListeners(0);
    this.redis.on("error", (error: Error) => {
      this.#trouble = messageOf(error) || this.#trouble;
    });
    this.redis.on("close", () => this.#lost());
    this.redis.on("ready", () => this.#found());
  }

  /** @throws ProverError QUEUE_BAD_URL, QUEUE_UNREACHABLE, QUEUE_UNFIT */
  static async open(dependencies: RedisLinkDependencies, settings: RedisLinkSettings): Promise<RedisLink> {
    const link = new RedisLink(dependencies, settings);
    const { clock, logger } = dependencies;
    try {
      for (
        const endMs = clock.steadyMs() + settings.connectMs;
        link.redis.status !== "ready";
        await sleep(clock, RETRY_MS / 4)
      ) {
        if (clock.steadyMs() > endMs)
          throw link.#unreachable(`${link.#trouble}; start it, or correct PROVER_QUEUE_URL`);
      }
      requireFit(await link.promptly(() => link.redis.info()), logger);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** What `work` gives, or QUEUE_UNREACHABLE as soon as Redis does not answer. */
  async promptly<T>(work: () => Promise<T>): Promise<T> {
    if (this.redis.status !== "ready") throw this.#unreachable(this.#trouble);
    try {
      return await work();
    } catch (error) {
      // What has a code was meant to be thrown, and a TypeError is a defect.
      if (error instanceof CodedError || error instanceof TypeError) throw error;
      throw this.#unreachable(messageOf(error), error);
    }
  }

  /** The result of `work`, no matter how long Redis is unreachable: it is started again until it succeeds. */
  async patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let told = false; ;) {
      throwIfAborted("waiting for Redis", signal);
      try {
        return await this.promptly(work);
      } catch (error) {
        if (this.#closed || !(error instanceof ProverError) || error.code !== ProverErrorCode.QUEUE_UNREACHABLE)
          throw error;
        // A lost connection has been reported already.
        if (!told && this.redis.status === "ready")
          this.#dependencies.logger.warn("the proof queue is waiting", { code: error.code, reason: error.message });
        told = true;
      }
      await sleep(this.#dependencies.clock, RETRY_MS, signal);
    }
  }

  close(): void {
    this.#closed = true;
    this.redis.disconnect();
  }

  #lost(): void {
    if (this.#known && this.#reachable && !this.#closed)
      this.#dependencies.logger.warn("the connection to Redis is lost; the proof queue is waiting until it is back", {
        host: this.#host,
        reason: this.#trouble,
      });
    this.#reachable = false;
  }

  #found(): void {
    if (this.#known && !this.#reachable)
      this.#dependencies.logger.info("Redis is back; the proof queue continues", { host: this.#host });
    this.#known = true;
    this.#reachable = true;
    this.#trouble = "the connection was lost";
  }

  #unreachable(reason: string, cause?: unknown): ProverError {
    if (this.#closed)
      return new ProverError(
        ProverErrorCode.QUEUE_UNREACHABLE,
        "the proof queue is closed: this process is stopping",
        {},
        { cause },
      );
    const full = reason.startsWith("OOM") ? " Its memory is full: raise maxmemory." : "";
    return new ProverError(
      ProverErrorCode.QUEUE_UNREACHABLE,
      `Redis at ${this.#host} refused a command (${reason}); it will be tried again.${full}`,
      { host: this.#host },
      { cause },
    );
  }
}
