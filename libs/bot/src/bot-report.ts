import type { TxStage } from "@sprtn/ports";
import { counted } from "@sprtn/primitives";
import { type PaymentKind, paymentKinds } from "./payment-mix.js";

/**
 * What became of a payment: it reached the stage waited for; it did but was reverted; the node dropped it after taking
 * it; the node refused it; nothing was heard of it in time; there was no account to send it from, or too much was under
 * way; the bot's own wallet could not make it; the bot was stopped meanwhile.
 */
export type Outcome = "reached" | "reverted" | "dropped" | "refused" | "lost" | "skipped" | "unmade" | "unfinished";

/** The figures add up at any moment: due = sent + skipped, sent = reached + refused + lost + open. */
export interface Figures {
  /** Payments that came due. */
  readonly due: number;
  /** Those that went to a node, or are about to. */
  readonly sent: number;
  /** Those that did not: no account, too many under way, or (`unmade`) the own wallet could not make them. */
  readonly skipped: number;
  /** Those that came as far as was waited for, `reverted` ones too. */
  readonly reached: number;
  /** Those that a node refused, at once or (`dropped`) after it had taken them. */
  readonly refused: number;
  /** Those of which nothing was heard in time. */
  readonly lost: number;
  /** Those under way, or under way when the bot was stopped. */
  readonly open: number;
  /** Of `skipped`. */
  readonly unmade: number;
  /** Of `reached`. */
  readonly reverted: number;
  /** Of `refused`. */
  readonly dropped: number;
}

/** Times to a stage, in ms. */
export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The figures so far, in all and by kind of payment, with times to each stage. */
export interface BotReport {
  readonly totals: Figures;
  readonly byKind: Readonly<Record<PaymentKind, Figures>>;
  /** Why payments were skipped or refused: how often. The own wallet's codes are among those of `skipped`. */
  readonly codes: {
    readonly skipped: Readonly<Record<string, number>>;
    readonly refused: Readonly<Record<string, number>>;
  };
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
      p99Ms: percentile(0.99),
      maxMs: this.#maxMs,
    };
  }
}

/** What has come due of one kind, and how what has ended ended. */
class Count {
  due = 0;
  readonly ended = new Map<Outcome, number>();

  figures(): Figures {
    const count = (...of: readonly Outcome[]) => of.reduce((sum, outcome) => sum + (this.ended.get(outcome) ?? 0), 0);
    const [skipped, reached, refused, lost] = [
      count("skipped", "unmade"),
      count("reached", "reverted"),
      count("refused", "dropped"),
      count("lost"),
    ];
    return {
      due: this.due,
      sent: this.due - skipped,
      skipped,
      reached,
      refused,
      lost,
      open: this.due - skipped - reached - refused - lost,
      unmade: count("unmade"),
      reverted: count("reverted"),
      dropped: count("dropped"),
    };
  }
}

function add(a: Figures, b: Figures): Figures {
  return Object.fromEntries(
    Object.entries(a).map(([name, value]) => [name, value + b[name as keyof Figures]]),
  ) as unknown as Figures;
}

/** Adds up what happens. */
export class Tally {
  topUps = 0;
  readonly #byKind = new Map(paymentKinds.map(kind => [kind, new Count()]));
  readonly #skipped = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  readonly #latency = new Map<TxStage, Latency>();

  due(kind: PaymentKind): void {
    this.#count(kind).due += 1;
  }

  /** Once for each payment that came due. */
  ended(kind: PaymentKind, outcome: Outcome, code?: string): void {
    const { ended } = this.#count(kind);
    ended.set(outcome, (ended.get(outcome) ?? 0) + 1);
    const codes = outcome === "skipped" || outcome === "unmade" ? this.#skipped : this.#refused;
    if (code !== undefined) codes.set(code, (codes.get(code) ?? 0) + 1);
  }

  reached(stage: TxStage, ms: number): void {
    const latency = this.#latency.get(stage) ?? new Latency();
    this.#latency.set(stage, latency);
    latency.add(ms);
  }

  report(): BotReport {
    const byKind = Object.fromEntries(paymentKinds.map(kind => [kind, this.#count(kind).figures()])) as Record<
      PaymentKind,
      Figures
    >;
    return {
      totals: Object.values(byKind).reduce(add),
      byKind,
      codes: { skipped: Object.fromEntries(this.#skipped), refused: Object.fromEntries(this.#refused) },
      latency: Object.fromEntries([...this.#latency].map(([stage, latency]) => [stage, latency.summary()])),
      topUps: this.topUps,
    };
  }

  #count(kind: PaymentKind): Count {
    return this.#byKind.get(kind) as Count;
  }
}

/** Codes that a line names, the most frequent ones: nodes choose the codes of refusals. */
const SHOWN_CODES = 3;

/** " (CODE 2, OTHER_CODE 1)" for what has happened; "" for nothing. */
function shownCodes(codes: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(codes).toSorted(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, SHOWN_CODES).map(([code, count]) => `${code} ${count}`);
  if (sorted.length > SHOWN_CODES) shown.push("…");
  return shown.length === 0 ? "" : ` (${shown.join(", ")})`;
}

/** One line of figures, for the log. */
export function reportLine({ totals, codes, latency }: BotReport, stage: TxStage): string {
  const { due, sent, skipped, reached, refused, lost, open } = totals;
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const times = latency[stage];
  const tail =
    times === undefined
      ? ""
      : `; to ${stage}: p50 ${seconds(times.p50Ms)} s, p95 ${seconds(times.p95Ms)} s, p99 ${seconds(times.p99Ms)} s`;
  return (
    `${counted(due, "payment")} due: ${sent} sent, ${skipped} skipped${shownCodes(codes.skipped)}; of those ` +
    `sent, ${reached} reached ${stage}, ${refused} refused${shownCodes(codes.refused)}, ${lost} lost, ` +
    `${open} open${tail}`
  );
}
