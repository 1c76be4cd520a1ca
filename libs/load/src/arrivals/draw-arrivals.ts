import { randomBelow, randomFraction, SeededRandom } from "@sprtn/runtime";
import { LoadError, LoadErrorCode } from "../load-error.js";
import { type LoadKind, loadKinds } from "../report/load-report.js";
import type { Scenario, ScenarioPhase } from "../scenario/scenario.js";
import { spanMs, type SpanRules } from "../scenario/span.js";

/** A payment and the moment at which it is due, ms after the first one that counts; before that, it warms up. */
export interface Arrival {
  readonly atMs: number;
  readonly kind: LoadKind;
  /** Whose turn it is, 0 to the number of accounts: where this one has nothing to spend, another pays. */
  readonly account: number;
}

/** All payments of a run, ascending in time, and how long they are due. */
export interface Arrivals {
  readonly list: readonly Arrival[];
  readonly offeredMs: number;
  readonly warmupMs: number;
  /** Payments a second that are asked for at a moment; 0 outside. */
  rateAt(atMs: number): number;
}

/** More than any machine sends in a run; they are drawn before the run begins. */
const MAX_ARRIVALS = 1_000_000;

interface Stretch {
  readonly fromMs: number;
  readonly lengthMs: number;
  /** Payments a second at its begin and its end. */
  readonly rates: readonly [number, number];
  readonly poisson: boolean;
}

/**
 * Draws every payment of a run up front, so that no answer of the network can delay the next payment (an open loop).
 * The same seed draws the same payments.
 * @throws LoadError BAD_SCENARIO for more than a million
 */
export function drawArrivals(scenario: Scenario, rules: SpanRules): Arrivals {
  const warmupMs = spanMs(scenario.warmup, rules);
  const stretches = stretchesOf(scenario.phases, warmupMs, rules);
  const last = stretches.at(-1) as Stretch;
  const random = new SeededRandom(scenario.seed);
  const moments = drawMoments(stretches, random.fork("moments"));
  const [kinds, accounts] = [random.fork("kinds"), random.fork("accounts")];
  const shares = { ...scenario.mix, transfer: scenario.mix.public };
  const list = moments.map((atMs): Arrival => ({
    atMs,
    kind: drawKind(shares, randomFraction(kinds)),
    account: randomBelow(accounts, scenario.wallets),
  }));
  return {
    list,
    offeredMs: last.fromMs + last.lengthMs,
    warmupMs,
    rateAt(atMs) {
      const stretch = stretches.find(({ fromMs, lengthMs }) => atMs >= fromMs && atMs < fromMs + lengthMs);
      if (stretch === undefined) return 0;
      const [begin, end] = stretch.rates;
      return begin + ((end - begin) * (atMs - stretch.fromMs)) / stretch.lengthMs;
    },
  };
}

function stretchesOf(phases: readonly ScenarioPhase[], warmupMs: number, rules: SpanRules): Stretch[] {
  const stretches: Stretch[] = [];
  let fromMs = 0;
  for (const phase of phases) {
    const rates = "ramp" in phase ? phase.ramp : ([phase.rate, phase.rate] as const);
    const lengthMs = spanMs(phase.for, rules);
    stretches.push({ fromMs, lengthMs, rates, poisson: phase.arrivals === "poisson" });
    fromMs += lengthMs;
  }
  const [first] = stretches;
  if (first === undefined || fromMs === 0)
    throw new LoadError(LoadErrorCode.BAD_SCENARIO, "the phases last no time: give one with a span above 0");
  if (warmupMs === 0) return stretches;
  return [{ ...first, fromMs: -warmupMs, lengthMs: warmupMs, rates: [first.rates[0], first.rates[0]] }, ...stretches];
}

/** The moments at which payments are due: at even parts of a rate's integral, or at exponential ones (Poisson). */
function drawMoments(stretches: readonly Stretch[], random: SeededRandom): number[] {
  const moments: number[] = [];
  /** The part of a payment that is missing until the next one. */
  let missing = 0;
  for (const stretch of stretches) {
    const [begin, end] = stretch.rates.map(rate => rate / 1_000) as [number, number];
    const { lengthMs } = stretch;
    const total = ((begin + end) / 2) * lengthMs;
    let due = missing;
    for (; due < total; due += stretch.poisson ? -Math.log(1 - randomFraction(random)) : 1) {
      if (moments.length >= MAX_ARRIVALS)
        throw new LoadError(
          LoadErrorCode.BAD_SCENARIO,
          `the scenario asks for more than ${MAX_ARRIVALS} payments: lower its rates, or shorten its phases`,
        );
      moments.push(stretch.fromMs + momentOf(due, { begin, end, lengthMs }));
    }
    missing = due - total;
  }
  return moments;
}

/** ms after a stretch's begin at which `due` payments have come due, by a rate (a ms) that changes evenly. */
function momentOf(
  due: number,
  { begin, end, lengthMs }: { readonly begin: number; readonly end: number; readonly lengthMs: number },
): number {
  const slope = (end - begin) / lengthMs;
  // The stable form of the quadratic's root: it holds for a slope of 0 as well.
  const root = Math.sqrt(Math.max(0, begin * begin + 2 * slope * due));
  return due === 0 ? 0 : Math.min(lengthMs, (2 * due) / (begin + root));
}

function drawKind(shares: Readonly<Record<LoadKind, number>>, fraction: number): LoadKind {
  let left = fraction;
  for (const kind of loadKinds) {
    left -= shares[kind];
    if (left < 0) return kind;
  }
  return loadKinds.findLast(kind => shares[kind] > 0) ?? "transfer";
}
