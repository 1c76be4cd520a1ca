import { loadKinds, type LoadKind, type LoadReport, measuredStages, type MeasuredStage } from "./load-report.js";
import { chart, markup, type Markup, table } from "./markup.js";
import { nodesToShow, SLOTS_SHOWN } from "./view-of.js";
import { duration, megabytes, moment, percent, perSecond, plain, plural } from "./text.js";

const ROWS = 100;
const HASHES_SHOWN = 3;
/** Lines of a chart that can still be told apart. */
export const NODES_DRAWN = 8;

/** `text` about what a table leaves out; nothing if it leaves nothing out. */
function leftOut(total: number, shown: number, what: string): Markup | null {
  return total > shown ? markup`<p class="soft">${total - shown} more ${what} in report.json.</p>` : null;
}

/** Verdict, reasons and expectations. */
export function verdictSection({ verdict, reasons, expectations, scenario, startedAt }: LoadReport): Markup {
  const words = {
    passed: "Passed: all is as expected",
    failed: "Failed: not all is as expected",
    invalid: "Invalid: these figures say little about the network",
  };
  const bounds = ({ atMost, atLeast }: LoadReport["expectations"][number]) =>
    [atLeast === null ? [] : [`at least ${atLeast}`], atMost === null ? [] : [`at most ${atMost}`]].flat().join(", ");
  return markup`<header>
<p class="soft">Load test ${scenario.name}, ${startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}</p>
<h1 class="verdict ${verdict}">${words[verdict]}</h1>
${reasons.length === 0 ? null : markup`<ul class="reasons">${reasons.map(reason => markup`<li>${reason}</li>`)}</ul>`}
${
  expectations.length === 0
    ? markup`<p class="soft">The scenario expects nothing.</p>`
    : table({
        caption: "Expectations",
        head: ["metric", "measured", "expected", "met"],
        rows: expectations.map(one => [
          one.metric,
          one.value,
          bounds(one),
          one.met ? markup`<span class="good">yes</span>` : markup`<span class="bad">no</span>`,
        ]),
        numbers: [1],
      })
}</header>`;
}

/** What was run, and on what. */
export function setUpSection({ scenario, machine, network, program, windows, funding, until }: LoadReport): Markup {
  const { offered, whole, warmupMs } = windows;
  const isForgeable = network.proofMode === "simulated" || network.crs === "dev";
  const phases = scenario.phases.map(phase =>
    "rate" in phase
      ? `${phase.for} at ${phase.rate}/s (${phase.arrivals})`
      : `${phase.for} from ${phase.ramp[0]} to ${phase.ramp[1]}/s (${phase.arrivals})`,
  );
  const mix = Object.entries(scenario.mix).filter(([, share]) => share > 0);
  const faults = scenario.faults.length === 0 ? "none" : plural(scenario.faults.length, "fault");
  const rows: (readonly [string, string])[] = [
    ["Phases", phases.slice(0, 12).join("; ") + (phases.length > 12 ? `; and ${phases.length - 12} more` : "")],
    ["Mix", mix.map(([kind, share]) => `${kind} ${percent(share, 0)}`).join(", ")],
    ["Seed, accounts", `${scenario.seed}, ${scenario.wallets}`],
    ["Faults", faults],
    [
      "Time",
      `${duration(warmupMs)} warm-up, ${duration(offered.toMs - offered.fromMs)} of load, ` +
        `${duration(whole.toMs - offered.toMs)} until ${until}`,
    ],
    [
      "Network",
      `${network.name}, ${network.validators === null ? "" : `${plural(network.validators, "validator")}, `}` +
        `committee ${network.committee}, slots of ${network.slotDuration} s, epochs of ${network.epochDuration}, ` +
        `fees ${network.fees}`,
    ],
    ["Density", network.density === 1 ? "a process a validator" : `${network.density} validators a process`],
    [
      "Proofs",
      `${network.proofMode}, made ${scenario.proofs === "inline" ? "when due" : "ahead"}` +
        `${network.crs === null ? "" : `, ${network.crs} CRS`}${isForgeable ? ": anyone can forge them" : ""}`,
    ],
    ["Program", `${program.version}${program.commit === null ? "" : `, commit ${program.commit}`}`],
    [
      "Machine",
      `${machine.cpu}, ${plural(machine.cores, "core")}, ${megabytes(machine.memoryBytes)}, ${machine.platform}, ` +
        `Node ${machine.node}`,
    ],
    [
      "Funding",
      `${plural(funding.deposits, "deposit")}, ${plural(funding.txs, "transaction")}, ` +
        `${plural(funding.notes, "note")} in ${duration(funding.ms)}`,
    ],
  ];
  return markup`<section aria-labelledby="run"><h2 id="run">What was run</h2>
${scenario.about === undefined ? null : markup`<p>${scenario.about}</p>`}
<dl class="facts">${rows.map(([term, text]) => markup`<dt>${term}</dt><dd>${text}</dd>`)}</dl></section>`;
}

/** Rates and outcomes. */
export function ratesSection(report: LoadReport): Markup {
  const { rates, outcomes, byKind, intervals, faults } = report;
  const figures: (readonly [string, string, string])[] = [
    ["asked", perSecond(rates.asked), `${plural(outcomes.due, "payment")} due`],
    ["achieved", perSecond(rates.achieved), `${percent(rates.ratio)} of asked`],
    ["pending", perSecond(rates.pending.offered), `${perSecond(rates.pending.whole)} over the whole run`],
    ["proven", perSecond(rates.proven.offered), `${perSecond(rates.proven.whole)} over the whole run`],
    ["through", String(outcomes.reached), `${outcomes.reverted} of them reverted`],
    [
      "not through",
      String(outcomes.due - outcomes.reached),
      `${outcomes.unsent} unsent, ${outcomes.refused} refused, ${outcomes.dropped} dropped, ${outcomes.lost} lost`,
    ],
  ];
  const peak = intervals.reduce((best, one) => (one.pending > best.pending ? one : best), intervals[0] ?? NOTHING);
  const kinds = loadKinds.flatMap(kind => {
    const of = byKind[kind];
    return of === undefined
      ? []
      : [[kind, of.due, of.reached, of.reverted, of.unsent, of.refused, of.dropped, of.lost] as const];
  });
  const shown = faults.slice(0, ROWS);
  return markup`<section aria-labelledby="rates"><h2 id="rates">Payments a second</h2>
<dl class="figures">${figures.map(
    ([name, value, note]) => markup`<div><dt>${name}</dt><dd><b>${value}</b> <span>${note}</span></dd></div>`,
  )}</dl>
${chart({
  name: "rates",
  title: "Rates every ten seconds",
  says:
    `Asked ${perSecond(rates.asked)} on average; most became pending at ${moment(peak.fromMs)}, ` +
    `${perSecond(peak.pending / 10)}.`,
})}
${
  faults.length === 0
    ? null
    : table({
        caption: "Faults, which are bands over all charts of time",
        head: ["fault", "node", "from", "to", "trouble"],
        rows: shown.map(one => [
          one.do,
          one.node ?? "–",
          moment(one.fromMs),
          moment(one.toMs),
          one.trouble?.text ?? "none",
        ]),
        numbers: [2, 3],
      })
}${leftOut(faults.length, shown.length, "faults")}
${
  kinds.length === 0
    ? null
    : table({
        caption: "Outcomes by kind",
        head: ["kind", "due", "through", "reverted", "unsent", "refused", "dropped", "lost"],
        rows: kinds,
        numbers: [1, 2, 3, 4, 5, 6, 7],
      })
}</section>`;
}

const NOTHING = { fromMs: 0, pending: 0 } as const;

/** Latencies by stage and kind. */
export function latencySection(report: LoadReport): Markup {
  const { latency, until } = report;
  const stages = measuredStages.filter(stage => latency[stage]?.all !== undefined);
  if (stages.length === 0)
    return markup`<section><h2>How long it took</h2><p>No payment reached any stage.</p></section>`;
  const kinds = ["all" as const, ...loadKinds].filter(kind =>
    stages.some(stage => latency[stage]?.[kind] !== undefined),
  );
  const rowOf = (stage: MeasuredStage, kind: LoadKind | "all") => {
    const of = latency[stage]?.[kind];
    return of === undefined ? [] : [[of.count, ...[of.p50Ms, of.p90Ms, of.p99Ms, of.maxMs].map(duration)] as const];
  };
  const byStage = stages.flatMap(stage => rowOf(stage, "all").map(row => [stage, ...row]));
  const byKind = stages.flatMap(stage =>
    kinds.flatMap(kind => (kind === "all" ? [] : rowOf(stage, kind).map(row => [stage, kind, ...row]))),
  );
  const chosen = latency[until]?.all === undefined ? (stages.at(-1) ?? "sent") : until;
  const of = latency[chosen]?.all;
  return markup`<section aria-labelledby="latency"><h2 id="latency">How long it took</h2>
<p class="soft">Each from the moment for which the payment was intended, whenever it could be sent.</p>
${chart({
  name: "latency",
  title: "Share of payments through within a time",
  says:
    `Half of the payments are ${chosen} within ${duration(of?.p50Ms ?? NaN)}, ` +
    `99 of 100 within ${duration(of?.p99Ms ?? NaN)}.`,
  choice: { label: "Kind", options: kinds, chosen: "all" },
})}
${table({
  caption: "Latencies by stage",
  head: ["stage", "count", "p50", "p90", "p99", "max"],
  rows: byStage,
  numbers: [1, 2, 3, 4, 5],
})}
<details><summary>By stage and kind</summary>${table({
    caption: "Latencies by stage and kind",
    head: ["stage", "kind", "count", "p50", "p90", "p99", "max"],
    rows: byKind,
    numbers: [2, 3, 4, 5, 6],
  })}</details>
${chart({
  name: "heat",
  title: "Latencies over time",
  says:
    "Each column holds the payments that reached the stage in that time; the stronger a cell's colour, the more of " +
    "them.",
  choice: { label: "Stage", options: stages, chosen: latency.pending?.all === undefined ? chosen : "pending" },
})}</section>`;
}

/** Slots and the times of their blocks. */
export function slotsSection({ slots }: LoadReport): Markup {
  const of = (outcome: LoadReport["slots"][number]["outcome"]) => slots.filter(one => one.outcome === outcome);
  const [blocks, empty, removed, unknown] = [of("block"), of("empty"), of("removed"), of("unknown")];
  const bare = blocks.filter(({ txs }) => txs === 0).length;
  const median = (field: "proposalMs" | "quorumMs" | "l1Ms") => {
    const values = slots.flatMap(one => one[field] ?? []).sort((a, b) => a - b);
    return duration(values[Math.floor(values.length / 2)] ?? NaN);
  };
  const troubled = slots.filter(({ outcome }) => outcome === "empty" || outcome === "removed");
  const shown = troubled.slice(0, ROWS);
  return markup`<section aria-labelledby="slots"><h2 id="slots">Slots</h2>
${chart({
  name: "slots",
  title: "What became of each slot",
  says:
    `${plural(slots.length, "slot")}: ${blocks.length} with a block (${bare} without transactions), ${empty.length} ` +
    `empty, ${removed.length} removed again, ${unknown.length} of which nothing is known. Full bars have ` +
    "transactions, lower ones have none; hatched ones were removed, low ones are empty, and dots are unknown.",
})}${leftOut(slots.length, SLOTS_SHOWN, "slots, which are not drawn, are")}
${chart({
  name: "blocks",
  title: "Block times after their slot's start",
  says: `Medians: proposal ${median("proposalMs")}, quorum ${median("quorumMs")}, on L1 ${median("l1Ms")}.`,
})}
${
  shown.length === 0
    ? null
    : table({
        caption: "Slots without a block that stayed",
        head: ["slot", "at", "outcome", "attested", "reason", "proposer"],
        rows: shown.map(one => [
          one.slot,
          moment(one.startMs),
          one.outcome,
          `${one.attested}/${one.committee}`,
          one.reason === null ? "not told" : `${one.reason.code}: ${plain(one.reason.text, 200)}`,
          markup`<code>${one.proposer === null ? "–" : plain(one.proposer, 12)}</code>`,
        ]),
        numbers: [0, 1, 3],
      })
}${leftOut(troubled.length, shown.length, "such slots are")}</section>`;
}

/** Each node's process. */
export function nodesSection(report: LoadReport): Markup {
  const { nodes } = report;
  const drawn = nodesToShow(report, NODES_DRAWN).length;
  const shown = nodesToShow(report, ROWS).filter(({ samples }) => samples.length > 0);
  if (shown.length === 0) return markup`<section><h2>Nodes</h2><p>No node told about its process.</p></section>`;
  const most = ({ samples }: LoadReport["nodes"][number], field: "cores" | "rssBytes" | "loopLagMs" | "pool") =>
    samples.reduce((greatest, sample) => Math.max(greatest, sample[field]), 0);
  const drawing = (name: string, title: string, field: "cores" | "rssBytes" | "loopLagMs" | "pool") => {
    const worst = shown.reduce((a, b) => (most(b, field) > most(a, field) ? b : a));
    const value = most(worst, field);
    const text = {
      cores: `${value.toFixed(2)} cores`,
      rssBytes: megabytes(value),
      loopLagMs: duration(value),
      pool: plural(value, "transaction"),
    }[field];
    return chart({ name, title, says: `Most: ${text}, ${plain(worst.name, 40)}.` });
  };
  const drawnOnly =
    nodes.length > drawn
      ? markup`<p class="soft">Drawn: the ${drawn} of ${nodes.length} whose event loop was latest.</p>`
      : null;
  return markup`<section aria-labelledby="nodes"><h2 id="nodes">Nodes</h2>
${drawnOnly}
<div class="pair">${drawing("cores", "CPU, cores", "cores")}${drawing("rss", "Memory (RSS), MB", "rssBytes")}
${drawing("lag", "Event loop lag, ms", "loopLagMs")}${drawing("pool", "Transactions in the pool", "pool")}</div>
${table({
  caption: "The most that each node needed",
  head: ["node", "cores", "memory", "loop lag", "pool", "samples"],
  rows: shown.map(node => [
    plain(node.name, 60),
    most(node, "cores").toFixed(2),
    megabytes(most(node, "rssBytes")),
    duration(most(node, "loopLagMs")),
    most(node, "pool"),
    node.samples.length,
  ]),
  numbers: [1, 2, 3, 4, 5],
})}${leftOut(nodes.length, shown.length, "nodes are")}</section>`;
}

/** What was lost, and what nobody can tell. */
export function lossesSection({ losses, notMeasurable }: LoadReport): Markup {
  const shown = losses.toSorted((a, b) => b.count - a.count).slice(0, ROWS);
  return markup`<section aria-labelledby="losses"><h2 id="losses">Losses</h2>
${
  shown.length === 0
    ? markup`<p>No payment was lost.</p>`
    : table({
        caption: "Payments that did not get through",
        head: ["what", "code", "count", "some of their hashes"],
        rows: shown.map(({ what, code, count, hashes }) => [
          what,
          code,
          count,
          hashes.slice(0, HASHES_SHOWN).map(hash => markup`<code>${plain(hash, 70)}</code> `),
        ]),
        numbers: [2],
      })
}${leftOut(losses.length, shown.length, "kinds of loss are")}</section>
${
  notMeasurable.length === 0
    ? null
    : markup`<section aria-labelledby="limits"><h2 id="limits">What this set-up cannot tell</h2>
<ul class="reasons">${notMeasurable.map(one => markup`<li>${one}</li>`)}</ul></section>`
}`;
}
