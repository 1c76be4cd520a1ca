import type { FeedState } from "@sprtn/feed";
import type { NodeInfo } from "@sprtn/ports";
import type { Arrivals } from "../arrivals/draw-arrivals.js";
import type { FundingReport } from "../funding/fund-accounts.js";
import type { LatencyBook } from "../measure/latencies.js";
import { judge } from "../report/metrics-of.js";
import type { LoadReport, LoadSlot } from "../report/load-report.js";
import type { Scenario } from "../scenario/scenario.js";
import type { SpanRules } from "../scenario/span.js";
import { quorumAt, type WatchedSlot } from "../watch/chain-watch.js";
import { INTERVAL_MS, type LoadLedger } from "./load-ledger.js";
import type { NodeSamples } from "./node-samples.js";

/** What measures, and where. */
export interface Surroundings {
  readonly program: LoadReport["program"];
  readonly machine: LoadReport["machine"];
  /** Of the network, as people call it. */
  readonly network: string;
  /** Validators that it was started with; null if that is not known. */
  readonly validators: number | null;
}

/** All that a run has measured. */
export interface Measured {
  readonly arrivals: Arrivals;
  readonly ledger: LoadLedger;
  readonly latencies: LatencyBook;
  readonly slots: readonly WatchedSlot[];
  readonly samples: NodeSamples;
  readonly faults: LoadReport["faults"];
  readonly funding: FundingReport;
  /** `clock.steadyMs` of the first payment that counts, and of the end. */
  readonly startAt: number;
  readonly endAt: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly info: NodeInfo;
  readonly nodes: readonly { readonly name: string; readonly url: string; readonly state: FeedState | undefined }[];
  readonly rules: SpanRules;
  /** How late this process's event loop was, ms, and how late it may be. */
  readonly lagMs: number;
  readonly maxLagMs: number;
  readonly wasStopped: boolean;
}

/** Of the schema: a fault's text may fill it by itself. */
const MAX_REASON = 2_000;

/** The report of a run with its verdict. */
export function buildReport(scenario: Scenario, surroundings: Surroundings, measured: Measured): LoadReport {
  const { arrivals, ledger, latencies, startAt, info, nodes } = measured;
  const endMs = Math.max(1, measured.endAt - startAt);
  const offeredMs = Math.min(arrivals.offeredMs, endMs);
  const outcomes = ledger.outcomes();
  const perSecond = (count: number, ms: number) => (1_000 * count) / ms;
  const asked = perSecond(outcomes.due, arrivals.offeredMs);
  const achieved = perSecond(ledger.sentInTime(), arrivals.offeredMs);
  const packed = latencies.packed();
  const density = Math.max(info.density, ...nodes.map(({ state }) => state?.node.density ?? 1));
  const report: LoadReport = {
    format: "sprtn-load-report",
    version: 1,
    scenario,
    startedAt: measured.startedAt,
    program: surroundings.program,
    machine: surroundings.machine,
    network: {
      name: surroundings.network,
      chainId: String(info.l1ChainId),
      rollup: info.contracts.rollup,
      validators: surroundings.validators,
      committee: info.parameters.committeeSize,
      ...measured.rules,
      fees: nodes.find(({ state }) => state !== undefined)?.state?.rules.fees ?? "on",
      proofMode: info.proofMode,
      crs: info.crs,
      density,
      nodes: nodes.map(({ name, url, state }) => ({
        name,
        url,
        density: state?.node.density ?? 1,
        version: state?.node.version ?? info.version,
      })),
    },
    windows: {
      offered: { fromMs: 0, toMs: offeredMs },
      whole: { fromMs: 0, toMs: endMs },
      warmupMs: arrivals.warmupMs,
    },
    until: scenario.drain.until,
    outcomes,
    byKind: ledger.byKind(),
    rates: {
      asked,
      achieved,
      ratio: asked === 0 ? 1 : achieved / asked,
      pending: ratesOf(ledger, "pending", { offeredMs, endMs }),
      proven: ratesOf(ledger, "proven", { offeredMs, endMs }),
    },
    losses: ledger.losses(),
    latency: packed.latency,
    intervals: ledger.intervals(endMs).map((interval, i) => ({ ...interval, latency: packed.intervals[i] ?? {} })),
    slots: measured.slots
      .filter(({ startAt: at }) => at >= startAt - 1_000 * measured.rules.slotDuration)
      .map(slot => slotRow(slot, measured)),
    nodes: nodes.map(({ name }) => ({ name, samples: [...measured.samples.of(name)] })),
    faults: [...measured.faults],
    funding: measured.funding,
    expectations: [],
    verdict: "passed",
    reasons: [],
    notMeasurable: notMeasurable(density),
  };
  const expectations = scenario.expect.map(expectation => judge(report, expectation, measured.rules));
  const reasons = reasonsOf(report, measured, expectations);
  return { ...report, expectations, ...reasons };
}

function ratesOf(
  ledger: LoadLedger,
  chain: "pending" | "proven",
  { offeredMs, endMs }: { readonly offeredMs: number; readonly endMs: number },
): { offered: number; whole: number } {
  return {
    offered: (1_000 * ledger.reachedBy(chain, offeredMs)) / offeredMs,
    whole: (1_000 * ledger.reachedBy(chain, endMs + INTERVAL_MS)) / endMs,
  };
}

function slotRow(watched: WatchedSlot, { startAt, endAt, rules }: Measured): LoadSlot {
  const blocks = [...watched.blocks.values()];
  const standing = blocks.findLast(({ removed }) => !removed) ?? blocks.at(-1);
  const isOver = watched.startAt + 1_000 * rules.slotDuration <= endAt;
  const outcome =
    standing === undefined
      ? isOver && watched.proposer !== null
        ? "empty"
        : "unknown"
      : standing.removed
        ? "removed"
        : "block";
  const { own } = watched;
  const since = (at: number | undefined) => (at === undefined ? null : Math.round(at - watched.startAt));
  return {
    slot: watched.slot,
    startMs: watched.startAt - startAt,
    proposer: watched.proposer,
    outcome,
    reason:
      outcome === "empty" && own !== undefined
        ? { code: own.code ?? own.outcome, text: (own.reason ?? own.outcome).slice(0, 2_000) }
        : null,
    block: standing?.row.number ?? null,
    txs: standing?.row.txs ?? null,
    proposalMs: since(watched.proposedAt),
    quorumMs: since(quorumAt(watched)),
    l1Ms: since(standing?.at),
    attested: watched.attestedAt.size,
    committee: watched.committee,
  };
}

function reasonsOf(
  { faults }: LoadReport,
  { lagMs, maxLagMs, wasStopped, nodes, samples }: Measured,
  expectations: LoadReport["expectations"],
): Pick<LoadReport, "verdict" | "reasons"> {
  const invalid: string[] = [];
  if (wasStopped) invalid.push("the run was stopped before its end");
  if (lagMs > maxLagMs)
    invalid.push(
      `this program was up to ${Math.round(lagMs)} ms late itself (more than ${maxLagMs} ms): its times are not the ` +
        "network's. Lower the rate, or give it a core of its own",
    );
  for (const { name, state } of nodes) {
    if ((state?.node.density ?? 1) === 1) continue;
    const late = samples.of(name).filter(({ loopLagMs }) => loopLagMs > maxLagMs).length;
    if (late > 0)
      invalid.push(
        `${name}, which is many validators in one process, was more than ${maxLagMs} ms late in ${late} of ` +
          `${samples.of(name).length} samples: its times are the machine's, not the network's`,
      );
  }
  for (const { do: what, node, trouble } of faults)
    if (trouble !== null) invalid.push(`fault ${what}${node === null ? "" : ` of ${node}`}: ${trouble.text}`);
  const failed = expectations
    .filter(({ met }) => !met)
    .map(({ metric, atMost, atLeast, value }) => {
      const bounds = [atMost === null ? [] : [`at most ${atMost}`], atLeast === null ? [] : [`at least ${atLeast}`]];
      return `${metric} is ${value}, not ${bounds.flat().join(" and ")}`;
    });
  const verdict = invalid.length > 0 ? "invalid" : failed.length > 0 ? "failed" : "passed";
  return { verdict, reasons: [...invalid, ...failed].slice(0, 100).map(reason => reason.slice(0, MAX_REASON)) };
}

function notMeasurable(density: number): string[] {
  if (density === 1) return [];
  return [
    `${density} validators share a process: memory, disk, crashes and syncing are not each validator's own`,
    "what validators compute alike is computed once and charged to the others as time, not as work",
  ];
}
