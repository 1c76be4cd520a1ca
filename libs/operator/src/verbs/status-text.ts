import { harmless } from "@sprtn/host";
import { formatEther } from "./ether.js";
import { currentSlot } from "./duties.js";
import type { NodeReport } from "./status.js";

/** A node's state for people: a line a subject. Lines about what is not known are left out. */
export function statusText(report: NodeReport): string {
  const lines = [title(report), ...aboutChain(report), ...aboutDuties(report)];
  const end = report.problems.length === 0 ? ["all well"] : report.problems.map(problem => `FAIL     ${problem}`);
  // What others say of themselves drives no terminal.
  return `${[...lines, ...end].map(harmless).join("\n")}\n`;
}

/** A node's state for programs: amounts as decimal strings. */
export function statusJson(report: NodeReport): string {
  return JSON.stringify(report, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

function title({ name, role, state, pid, restarts, feed }: NodeReport): string {
  const parts = [
    name,
    ...(feed === undefined ? [role] : [feed.node.version, feed.node.network, `up ${shownSpan(feed.machine.uptime)}`]),
    pid === undefined ? state : `process ${pid}`,
    ...(restarts === 0 ? [] : [`started again ${restarts} times`]),
    ...proofs(feed),
  ];
  return parts.join(" · ");
}

function proofs(feed: NodeReport["feed"]): string[] {
  if (feed === undefined) return [];
  if (feed.node.proofMode === "simulated") return ["SIMULATED proofs: forgeable"];
  return feed.node.crs === "dev" ? ["real proofs, DEV CRS: forgeable"] : ["real proofs"];
}

function aboutChain({ feed, atMs }: NodeReport): string[] {
  if (feed === undefined) return [];
  const { tips, peers, pool, rules, slots, epochs, proofs: proving } = feed;
  const { slot, intoMs } = currentSlot(feed, atMs);
  const row = slots.find(each => each.slot === slot);
  const epoch = Math.floor(slot / rules.epochDuration);
  const committee = epochs.find(each => each.epoch === epoch);
  const head = tips.l1 === null ? "no L1 block yet" : `L1 ${tips.l1.number}, ${age(atMs, tips.l1.timestamp)}`;
  const lines = [
    line(
      "slot",
      `${slot}, epoch ${epoch}`,
      `${Math.floor(intoMs / 1000)} of ${rules.slotDuration} s`,
      typeof row?.proposer === "string" ? `proposer ${shortAddress(row.proposer)}` : "no proposer",
      ...(committee === undefined
        ? []
        : [`attested ${row?.attested.length ?? 0}/${committee.committee.length}, quorum ${committee.quorum}`]),
    ),
    line("chains", `pending ${tips.pending}`, `proven ${tips.proven}`, `finalized ${tips.finalized}`, head),
  ];
  const working = proving?.epochs.filter(({ state }) => state === "collecting" || state === "proving") ?? [];
  for (const each of working.slice(0, 2)) {
    const left = each.secondsLeft === null ? "" : `~${shownSpan(each.secondsLeft)} left`;
    lines.push(line("proving", `epoch ${each.epoch}`, `${each.done}/${each.total} proofs`, ...(left ? [left] : [])));
  }
  lines.push(line("peers", `${peers.inbound + peers.outbound}`, `pool ${pool.count}`));
  return lines;
}

function aboutDuties({ duties, next, balance, feed }: NodeReport): string[] {
  const lines: string[] = [];
  if (duties !== undefined)
    lines.push(
      line(
        "duties",
        `last ${duties.slots} slots: attested ${duties.attested}/${duties.toAttest}, ` +
          `proposed ${duties.proposed}/${duties.toPropose}`,
      ),
    );
  if (next !== undefined) {
    const parts = [
      ...(next.member ? [] : ["not in this epoch's committee"]),
      ...(next.attest === undefined ? [] : [`attest ${next.attest.slot} in ${shownSpan(next.attest.inMs / 1000)}`]),
      ...(next.propose === undefined ? [] : [`propose ${next.propose.slot} in ${shownSpan(next.propose.inMs / 1000)}`]),
    ];
    lines.push(line("next", ...parts));
  }
  const own = feed?.node.own;
  if (balance !== undefined && typeof own === "string") lines.push(line("balance", `${formatEther(balance)} ETH`, own));
  return lines;
}

const LABEL = 9;

function line(label: string, ...parts: readonly string[]): string {
  return `${label.padEnd(LABEL)}${parts.join(" · ")}`;
}

function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

function age(atMs: number, timestamp: number): string {
  return `${Math.max(0, Math.round(atMs / 1000 - timestamp))} s old`;
}

/** `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
function shownSpan(span: number): string {
  const seconds = Math.max(0, Math.floor(span));
  const [minutes, hours, days] = [60, 3600, 86_400].map(size => Math.floor(seconds / size)) as [number, number, number];
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}
