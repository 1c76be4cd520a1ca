import { type L1Error, L1ErrorCode } from "../l1-error.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** No endpoint is left alone for longer, whatever it asks for. */
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

  /** Each failure in a row makes the pause twice as long, up to a minute; a Retry-After is kept to. */
  fail(failure: L1Error, nowMs: number): void {
    const pauseMs = this.#trouble?.failure ? Math.min(this.#trouble.pauseMs * 2, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    const asked = Math.min(failure.payload.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
    this.#trouble = { failure, pauseMs, untilMs: nowMs + Math.max(pauseMs, asked) };
  }

  doubt(nowMs: number): void {
    if (this.#trouble) return;
    const pauseMs = this.#doubtPauseMs;
    this.#doubtPauseMs = Math.min(pauseMs * 2, LONGEST_DOUBT_PAUSE_MS);
    this.#trouble = { failure: undefined, pauseMs, untilMs: nowMs + pauseMs };
  }

  heal(): void {
    this.#trouble = undefined;
  }
}
