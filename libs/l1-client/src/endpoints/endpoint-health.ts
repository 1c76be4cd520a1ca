import { type L1Error, L1ErrorCode } from "../l1-error.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** The same for an endpoint that fails whenever it is used, though it looks well when it is tried. */
const LONGEST_RELAPSE_PAUSE_MS = 600_000;
/** A failure this soon after an endpoint recovered continues the earlier series of failures. */
const RELAPSE_MS = 300_000;
/** No endpoint is skipped for longer than this, whatever it asks for. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;
/** How long another endpoint is preferred to one whose answers were doubted; twice as long when they are again. */
const DOUBT_PAUSE_MS = 300_000;
const LONGEST_DOUBT_PAUSE_MS = 3_600_000;

interface Trouble {
  /** `undefined` when its answers are doubted, though it gives them. */
  readonly failure: L1Error | undefined;
  readonly pauseMs: number;
  readonly untilMs: number;
}

/** Whether an endpoint works, and when it is to be tried again if it does not. */
export class EndpointHealth {
  #trouble: Trouble | undefined;
  /** The last row of failures that it got over. */
  #overcome: { readonly pauseMs: number; readonly atMs: number } | undefined;
  #relapses = 0;
  #doubtPauseMs = DOUBT_PAUSE_MS;

  /** Nothing is known against it. */
  get works(): boolean {
    return this.#trouble === undefined;
  }

  /** What it failed with last; `undefined` also for one whose answers were only doubted. */
  get failure(): L1Error | undefined {
    return this.#trouble?.failure;
  }

  /** Whether its pause is over. */
  isDue(nowMs: number): boolean {
    return this.#trouble === undefined || nowMs >= this.#trouble.untilMs;
  }

  /** The failure of an endpoint that asked not to be asked for now. */
  refusal(nowMs: number): L1Error | undefined {
    const { failure } = this.#trouble ?? {};
    return failure?.code === L1ErrorCode.RATE_LIMITED && !this.isDue(nowMs) ? failure : undefined;
  }

  /**
   * Each failure in a row makes the pause twice as long, up to a minute; a Retry-After is kept to. What it is tried
   * with may work where its use does not: then the series continues, and the pause grows further.
   * @returns whether that is news: a failure, or its first relapse, or neither
   */
  fail(failure: L1Error, nowMs: number): "failed" | "relapsed" | "known" {
    const failing = this.#trouble?.failure !== undefined;
    const relapse = !failing && this.#overcome !== undefined && nowMs - this.#overcome.atMs < RELAPSE_MS;
    if (relapse) this.#relapses++;
    else if (!failing) this.#relapses = 0;
    // A rate limit says when to ask again. Until then nothing may be asked, so that pause stays short.
    const limited = failure.code === L1ErrorCode.RATE_LIMITED;
    const before = failing ? this.#trouble?.pauseMs : relapse && !limited ? this.#overcome?.pauseMs : undefined;
    const longest = this.#relapses > 0 && !limited ? LONGEST_RELAPSE_PAUSE_MS : LONGEST_PAUSE_MS;
    const pauseMs = before === undefined ? FIRST_PAUSE_MS : Math.min(before * 2, longest);
    const asked = Math.min(failure.payload.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
    this.#trouble = { failure, pauseMs, untilMs: nowMs + Math.max(pauseMs, asked) };
    if (failing || this.#relapses > 1) return "known";
    return relapse ? "relapsed" : "failed";
  }

  doubt(nowMs: number): void {
    if (this.#trouble) return;
    const pauseMs = this.#doubtPauseMs;
    this.#doubtPauseMs = Math.min(pauseMs * 2, LONGEST_DOUBT_PAUSE_MS);
    this.#trouble = { failure: undefined, pauseMs, untilMs: nowMs + pauseMs };
  }

  /** @returns whether that is news: it is not for one that will be tried again and again */
  heal(nowMs: number): boolean {
    const failed = this.#trouble?.failure !== undefined;
    if (this.#trouble && failed) this.#overcome = { pauseMs: this.#trouble.pauseMs, atMs: nowMs };
    this.#trouble = undefined;
    return failed && this.#relapses === 0;
  }
}
