import { type LoadReport, measuredStages } from "./load-report.js";
import { duration, percent, perSecond, plain, plural } from "./text.js";

/** Shown of what may be long. */
const SHOWN = 5;

/** A report for a terminal: some twenty lines, none of which a node can fill. */
export function textReport(report: LoadReport): string {
  const { verdict, reasons, outcomes, rates, until, losses, slots, faults, funding } = report;
  const lines = [`${report.scenario.name}: ${verdict}`];
  for (const reason of shown(reasons)) lines.push(`  ${plain(reason, 300)}`);
  const { due, reached, unsent, refused, dropped, lost, reverted } = outcomes;
  lines.push(
    `payments   ${due} due: ${reached} ${until} (${reverted} reverted), ${unsent} unsent, ${refused} refused, ` +
      `${dropped} dropped, ${lost} lost`,
  );
  for (const { what, code, count } of shown(losses)) lines.push(`  ${plain(code)}: ${count} ${what}`);
  lines.push(
    `rates      ${perSecond(rates.asked)} asked, ${perSecond(rates.achieved)} sent (${percent(rates.ratio)}), ` +
      `${perSecond(rates.pending.whole)} pending, ${perSecond(rates.proven.whole)} proven`,
  );
  lines.push("times      from when a payment was due: p50, p90, p99, longest");
  for (const stage of measuredStages) {
    const all = report.latency[stage]?.all;
    if (all === undefined) continue;
    const times = [all.p50Ms, all.p90Ms, all.p99Ms, all.maxMs].map(ms => duration(ms).padStart(9));
    lines.push(`  ${stage.padEnd(9)}${times.join("")}`);
  }
  const empty = slots.filter(({ outcome }) => outcome === "empty");
  lines.push(`slots      ${plural(slots.length, "slot")}, ${empty.length} empty`);
  for (const { slot, reason } of shown(empty))
    lines.push(`  ${slot}: ${reason === null ? "its proposer said nothing" : plain(reason.code)}`);
  for (const { do: what, node, fromMs, toMs, trouble } of shown(faults))
    lines.push(
      `fault      ${what}${node === null ? "" : ` ${plain(node)}`}, ${duration(fromMs)} to ${duration(toMs)}` +
        (trouble === null ? "" : `: ${plain(trouble.code)}`),
    );
  lines.push(
    `funding    ${duration(funding.ms)}: ${plural(funding.deposits, "deposit")}, ` +
      `${plural(funding.txs, "transaction")}, ${plural(funding.notes, "note")}`,
  );
  return lines.join("\n");
}

/** The first ones; the page has all. */
function shown<T>(list: readonly T[]): readonly T[] {
  return list.slice(0, SHOWN);
}
