import { randomBelow, randomFraction, SeededRandom } from "@sprtn/runtime";
import { LatencyBook } from "../measure/latencies.js";
import { type LoadKind, type LoadReport, measuredStages } from "../report/load-report.js";
import { scenarioSchema } from "../scenario/scenario.js";

/** Of the slots that {@link madeUpReport} makes up, s. */
const SLOT_SECONDS = 8;
const EPOCH_SLOTS = 8;
const INTERVAL_MS = 10_000;

/** What a report is made up of. */
export interface MadeUpRun {
  readonly seed?: number;
  /** s */
  readonly seconds?: number;
  /** Payments a second. */
  readonly rate?: number;
  /** Of every latency. */
  readonly factor?: number;
  readonly nodes?: number;
}

const kinds: readonly LoadKind[] = ["private", "transfer", "withdraw"];
/** ms: the median of each stage. */
const medians = {
  sent: 4,
  accepted: 60,
  proposed: 4_200,
  attested: 5_600,
  pending: 9_500,
  proven: 95_000,
  finalized: 190_000,
};

/** A report as a run of two validators and a prover could write it, with a validator away for a while. */
export function madeUpReport({ seed = 7, seconds = 600, rate = 5, factor = 1, nodes = 3 }: MadeUpRun = {}): LoadReport {
  const random = new SeededRandom(seed);
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += randomFraction(random);
    return sum;
  };
  const offeredMs = seconds * 1_000;
  const endMs = offeredMs + 150_000;
  const faultFrom = Math.round(offeredMs * 0.4);
  const faultTo = faultFrom + EPOCH_SLOTS * SLOT_SECONDS * 1_000;
  const book = new LatencyBook();
  const count = Math.ceil(endMs / INTERVAL_MS);
  const at = () => Array.from({ length: count }, () => 0);
  const [due, sent, pending, proven] = [at(), at(), at(), at()];
  const add = (list: number[], ms: number) => {
    const i = Math.floor(ms / INTERVAL_MS);
    if (i < count) list[i] = (list[i] ?? 0) + 1;
  };
  const payments = Math.round(seconds * rate);
  for (let i = 0; i < payments; i++) {
    const dueMs = (1_000 * i) / rate;
    const kind = kinds[randomBelow(random, kinds.length)] ?? "private";
    const slow = dueMs > faultFrom && dueMs < faultTo ? 1.8 : 1;
    add(due, dueMs);
    for (const stage of measuredStages) {
      const ms = medians[stage] * factor * slow * Math.exp(0.35 * normal()) * (kind === "private" ? 1.1 : 1);
      book.record({ stage, kind, ms, atMs: dueMs + ms });
      if (stage === "sent") add(sent, dueMs + ms);
      if (stage === "pending") add(pending, dueMs + ms);
      if (stage === "proven") add(proven, dueMs + ms);
    }
  }
  const { latency, intervals } = book.packed();
  const outcomes = { due: payments, unsent: 0, refused: 0, dropped: 0, lost: 0, reached: payments, reverted: 2 };
  const rateOf = (list: readonly number[], until: number) =>
    (1_000 * list.slice(0, until / INTERVAL_MS).reduce((sum, one) => sum + one, 0)) / until;
  return {
    format: "sprtn-load-report",
    version: 1,
    scenario: scenarioSchema.parse({
      version: 1,
      name: "sustained",
      mix: { private: 0.5, public: 0.4, withdraw: 0.1 },
      phases: [{ for: `${seconds}s`, rate }],
      faults: [{ at: `${faultFrom}ms`, do: "stop", node: "validator-2", for: "1 epoch" }],
      drain: { until: "proven", atMost: "30m" },
      expect: [{ metric: "outcome.lost", atMost: 0 }],
    }),
    startedAt: "2026-11-30T09:30:00.000Z",
    program: { version: "0.4.0", commit: "3f9d1c2b7a" },
    machine: { cpu: "Made-up CPU", cores: 8, memoryBytes: 32e9, platform: "linux x64", node: "24.21.0" },
    network: {
      name: "local-4",
      chainId: "31337",
      rollup: `0x${"5".repeat(40)}`,
      validators: 4,
      committee: 4,
      slotDuration: SLOT_SECONDS,
      epochDuration: EPOCH_SLOTS,
      fees: "on",
      proofMode: "real",
      crs: "dev",
      density: 1,
      nodes: Array.from({ length: nodes }, (_, i) => ({
        name: `validator-${i + 1}`,
        url: `http://127.0.0.1:${8_080 + i}`,
        density: 1,
        version: "0.4.0",
      })),
    },
    windows: { offered: { fromMs: 0, toMs: offeredMs }, whole: { fromMs: 0, toMs: endMs }, warmupMs: 16_000 },
    until: "proven",
    outcomes,
    byKind: {},
    rates: {
      asked: rate,
      achieved: rate,
      ratio: 1,
      pending: { offered: rateOf(pending, offeredMs), whole: rateOf(pending, endMs) },
      proven: { offered: rateOf(proven, offeredMs), whole: rateOf(proven, endMs) },
    },
    losses: [
      { what: "refused", code: "TX_POOL_FULL", count: 3, hashes: [1, 2, 3].map(i => `0x${String(i).repeat(64)}`) },
    ],
    latency,
    intervals: Array.from({ length: count }, (_, i) => ({
      fromMs: i * INTERVAL_MS,
      asked: i * INTERVAL_MS < offeredMs ? rate : 0,
      due: due[i] ?? 0,
      sent: sent[i] ?? 0,
      pending: pending[i] ?? 0,
      proven: proven[i] ?? 0,
      latency: intervals[i] ?? {},
    })),
    slots: Array.from({ length: Math.floor(endMs / 1_000 / SLOT_SECONDS) }, (_, i) =>
      madeUpSlot(random, i, faultFrom, faultTo),
    ),
    nodes: Array.from({ length: nodes }, (_, i) => ({
      name: `validator-${i + 1}`,
      samples: Array.from({ length: count }, (_unused, k) => ({
        atMs: k * INTERVAL_MS,
        rssBytes: Math.round(3e8 + 4e7 * i + 2e5 * k + 1e7 * randomFraction(random)),
        cores: 0.2 + 0.1 * i + 0.2 * randomFraction(random),
        loopLagMs: 4 + 20 * randomFraction(random) ** 4,
        pool: randomBelow(random, 60),
      })),
    })),
    faults: [{ do: "stop", node: "validator-2", fromMs: faultFrom, toMs: faultTo, trouble: null }],
    funding: { ms: 21_000, deposits: 1, txs: 14, notes: 120 },
    expectations: [
      { metric: "outcome.lost", atMost: "0", atLeast: null, value: "0", met: true },
      { metric: "latency.pending.p99", atMost: "2 slots", atLeast: null, value: "27400 ms", met: false },
    ],
    verdict: "failed",
    reasons: ["latency.pending.p99 is 27400 ms, not at most 2 slots"],
    notMeasurable: [],
  };
}

// oxlint-disable-next-line max-params
function madeUpSlot(random: SeededRandom, i: number, faultFrom: number, faultTo: number): LoadReport["slots"][number] {
  const startMs = i * SLOT_SECONDS * 1_000;
  const isAway = startMs >= faultFrom && startMs < faultTo && i % 4 === 1;
  const outcome = isAway ? "empty" : i % 37 === 20 ? "removed" : i % 53 === 50 ? "unknown" : "block";
  const isBlock = outcome === "block" || outcome === "removed";
  return {
    slot: 100 + i,
    startMs,
    proposer: `0x${String(1 + (i % 4)).repeat(40)}`,
    outcome,
    reason: outcome === "empty" ? { code: "SEQUENCER_NO_QUORUM", text: "2 of 3 attestations came in time" } : null,
    block: isBlock ? 90 + i : null,
    txs: isBlock ? randomBelow(random, 60) : null,
    proposalMs: isBlock ? 1_200 + randomBelow(random, 400) : null,
    quorumMs: isBlock ? 2_100 + randomBelow(random, 700) : null,
    l1Ms: isBlock ? 5_000 + randomBelow(random, 1_500) : null,
    attested: isBlock ? 4 : 2,
    committee: 4,
  };
}
