import type { TxStage } from "@sprtn/ports";
import { type PaymentKind, paymentKinds } from "./payment-mix.js";

/**
 * What became of a payment: it reached the stage waited for; it did but was reverted; the node dropped it after taking
 * it; nothing was heard of it in time;
 * wallet or node refused it; there was no account to send it from, or too much was under way; the bot was stopped
 * meanwhile.
 */
export type Outcome = "reached" | "reverted" | "dropped" | "lost" | "refused" | "skipped" | "unfinished";

export const outcomes: readonly Outcome[] = [
  "reached",
  "reverted",
  "dropped",
  "lost",
  "refused",
  "skipped",
  "unfinished",
];

/** Times to a stage, in ms. */
export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface BotReport {
  /** Payments that came due. */
  readonly due: number;
  /** Those that the node took. */
  readonly sent: number;
  readonly byKind: Readonly<Record<PaymentKind, Readonly<Record<Outcome, number>>>>;
  readonly totals: Readonly<Record<Outcome, number>>;
  /** Codes of refused and dropped payments: how often. */
  readonly codes: Readonly<Record<string, number>>;
  readonly latency: Readonly<Partial<Record<TxStage, LatencySummary>>>;
  readonly topUps: number;
}

/** Latencies kept for the percentiles of a stage; older ones make room. */
const SAMPLES = 4_096;

class Latency {
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;
  readonly #samples: number[] = [];

  add(ms: number): void {
    this.#samples[this.#count % SAMPLES] = ms;
    this.#count += 1;
    this.#sumMs += ms;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  summary(): LatencySummary {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    const percentile = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
    return {
      count: this.#count,
      meanMs: this.#sumMs / this.#count,
      p50Ms: percentile(0.5),
      p95Ms: percentile(0.95),
      maxMs: this.#maxMs,
    };
  }
}

const zeros = (): Record<Outcome, number> =>
  Object.fromEntries(outcomes.map(outcome => [outcome, 0])) as Record<Outcome, number>;

/** Adds up what happens. */
export class Tally {
  due = 0;
  sent = 0;
  topUps = 0;
  readonly #byKind = Object.fromEntries(paymentKinds.map(kind => [kind, zeros()])) as Record<
    PaymentKind,
    Record<Outcome, number>
  >;
  readonly #codes = new Map<string, number>();
  readonly #latency = new Map<TxStage, Latency>();

  ended(kind: PaymentKind, outcome: Outcome, code?: string): void {
    this.#byKind[kind][outcome] += 1;
    if (code !== undefined) this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }

  reached(stage: TxStage, ms: number): void {
    const latency = this.#latency.get(stage) ?? new Latency();
    this.#latency.set(stage, latency);
    latency.add(ms);
  }

  report(): BotReport {
    const totals = zeros();
    for (const kind of paymentKinds) for (const outcome of outcomes) totals[outcome] += this.#byKind[kind][outcome];
    return {
      due: this.due,
      sent: this.sent,
      byKind: structuredClone(this.#byKind),
      totals,
      codes: Object.fromEntries(this.#codes),
      latency: Object.fromEntries([...this.#latency].map(([stage, latency]) => [stage, latency.summary()])),
      topUps: this.topUps,
    };
  }
}
