import { fieldToHex } from "@sprtn/primitives";
import type { Arrivals } from "../arrivals/draw-arrivals.js";
import {
  type LoadInterval,
  type LoadKind,
  loadKinds,
  type LoadOutcomes,
  type LoadReport,
  type MeasuredStage,
} from "../report/load-report.js";
import { LoadPayment } from "./load-payment.js";

/** The chain on which a payment is through. */
export type Until = LoadReport["until"];

/** Length of a report's intervals. */
export const INTERVAL_MS = 10_000;
/** Hashes of a loss that a report names. */
const SHOWN_HASHES = 10;
/** Reasons that a report names, and characters of their codes: some come from nodes. */
const MAX_REASONS = 1_000;
const MAX_CODE = 200;

/** What measures times to stages. */
export interface LatencySink {
  /** `ms` from the moment at which the payment was due; `atMs` since the run began. */
  record(sample: {
    readonly stage: MeasuredStage;
    readonly kind: LoadKind;
    readonly ms: number;
    readonly atMs: number;
  }): void;
}

/** The payments of a run, and counts of what happens to them, as it happens. */
export class LoadLedger {
  readonly payments: readonly LoadPayment[];
  /** Without those that warm up. */
  readonly #counted: readonly LoadPayment[];
  readonly #arrivals: Arrivals;
  readonly #startAt: number;
  readonly #until: Until;
  /** Payments by interval. */
  readonly #counts: Readonly<Record<"sent" | "pending" | "proven", number[]>> = { sent: [], pending: [], proven: [] };

  /** `startAt`: `clock.steadyMs` of the first payment that counts. */
  constructor(
    latencies: LatencySink,
    { arrivals, startAt, until }: { readonly arrivals: Arrivals; readonly startAt: number; readonly until: Until },
  ) {
    this.#arrivals = arrivals;
    this.#startAt = startAt;
    this.#until = until;
    const onStage = (payment: LoadPayment, stage: MeasuredStage, at: number) => {
      if (payment.isWarmup) return;
      const atMs = at - startAt;
      const { kind } = payment.arrival;
      latencies.record({ stage, kind, ms: at - payment.dueAt, atMs });
      if (stage !== "sent" && stage !== "pending" && stage !== "proven") return;
      const index = Math.max(0, Math.floor(atMs / INTERVAL_MS));
      const counts = this.#counts[stage];
      counts[index] = (counts[index] ?? 0) + 1;
    };
    this.payments = arrivals.list.map(arrival => new LoadPayment(arrival, startAt + arrival.atMs, onStage));
    this.#counted = this.payments.filter(payment => !payment.isWarmup);
  }

  /** Those that left, or may have, and are neither through nor at an end. */
  open(): readonly LoadPayment[] {
    return this.payments.filter(
      payment => payment.isSent && payment.failure === undefined && !payment.isOn(this.#until),
    );
  }

  /** Of those that count: how many are due by now, have left, and failed. */
  progress(now: number): { readonly due: number; readonly sent: number; readonly failed: number } {
    const counted = this.#counted;
    const due = counted.filter(({ dueAt }) => dueAt <= now);
    return {
      due: due.length,
      sent: due.filter(({ isSent }) => isSent).length,
      failed: due.filter(({ failure }) => failure !== undefined).length,
    };
  }

  /** Those that count, by how they ended; whoever is still open is lost. */
  outcomes(kind?: LoadKind): LoadOutcomes {
    const counts = { due: 0, unsent: 0, refused: 0, dropped: 0, lost: 0, reached: 0, reverted: 0 };
    for (const payment of this.#counted) {
      if (kind !== undefined && payment.arrival.kind !== kind) continue;
      counts.due += 1;
      if (payment.isOn(this.#until)) {
        counts.reached += 1;
        if (payment.reverted) counts.reverted += 1;
      } else counts[payment.failure?.what ?? "lost"] += 1;
    }
    return counts;
  }

  /** Of kinds that were due. */
  byKind(): LoadReport["byKind"] {
    const all = loadKinds.map(kind => [kind, this.outcomes(kind)] as const);
    return Object.fromEntries(all.filter(([, { due }]) => due > 0));
  }

  /** Why payments did not get through, the most frequent reason first. */
  losses(): LoadReport["losses"] {
    const byReason = new Map<
      string,
      { readonly payments: LoadPayment[]; readonly code: string; readonly what: string }
    >();
    for (const payment of this.#counted) {
      if (payment.isOn(this.#until)) continue;
      const { what, code } = payment.failure ?? { what: "lost", code: "UNKNOWN" };
      const reason = byReason.get(`${what} ${code}`) ?? { payments: [], code, what };
      byReason.set(`${what} ${code}`, reason);
      reason.payments.push(payment);
    }
    return [...byReason.values()]
      .map(({ payments, code, what }) => ({
        what: what as "lost",
        code: code.slice(0, MAX_CODE),
        count: payments.length,
        hashes: payments.flatMap(({ hash }) => (hash === undefined ? [] : [fieldToHex(hash)])).slice(0, SHOWN_HASHES),
      }))
      .toSorted((a, b) => b.count - a.count)
      .slice(0, MAX_REASONS);
  }

  /** Payments that left within the offered window. */
  sentInTime(): number {
    const { offeredMs } = this.#arrivals;
    return this.#counted.filter(({ sentAt }) => sentAt !== undefined && sentAt - this.#startAt <= offeredMs).length;
  }

  /** Payments whose block became part of a chain by then, ms since the run began. */
  reachedBy(chain: "pending" | "proven", atMs: number): number {
    const full = Math.floor(atMs / INTERVAL_MS);
    const counts = this.#counts[chain];
    const before = counts.slice(0, full).reduce((sum, one) => sum + (one ?? 0), 0);
    return before + ((counts[full] ?? 0) * (atMs % INTERVAL_MS)) / INTERVAL_MS;
  }

  /** Until `endMs`, without times. */
  intervals(endMs: number): Omit<LoadInterval, "latency">[] {
    const due: number[] = [];
    for (const { arrival } of this.#counted) {
      const index = Math.floor(arrival.atMs / INTERVAL_MS);
      due[index] = (due[index] ?? 0) + 1;
    }
    const count = Math.max(1, Math.ceil(endMs / INTERVAL_MS));
    return Array.from({ length: count }, (_, i) => ({
      fromMs: i * INTERVAL_MS,
      asked: this.#arrivals.rateAt(i * INTERVAL_MS),
      due: due[i] ?? 0,
      sent: this.#counts.sent[i] ?? 0,
      pending: this.#counts.pending[i] ?? 0,
      proven: this.#counts.proven[i] ?? 0,
    }));
  }
}
