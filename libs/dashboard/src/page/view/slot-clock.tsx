import type { SlotRow } from "@sprtn/feed";
import { committeeOf, proposerOf, quorumMs } from "../../figures/committee.js";
import { count, foreign, onL1At, plural, seconds } from "../../figures/text.js";
import { slotStartMs } from "../../figures/time.js";
import { Region, Table, useWidth, Validator } from "../parts.js";
import { currentSlot, known, nowMs } from "../store.js";

const TRACK = { top: 18, height: 14, bottom: 32, total: 50 } as const;
/** Of dots, px: of a committee with room for them, and of a large one. */
const DOT = 20;
const SMALL_DOT = 11;
const MANY = 48;

/** SLOT: what happens right now, against the timetable's deadlines. */
export function SlotClock() {
  const state = known();
  const row = state.slots.find(one => one.slot === currentSlot.value) ?? state.slots.at(-1);
  const slot = row?.slot ?? Math.max(0, currentSlot.value);
  const slotMs = state.rules.slotDuration * 1000;
  const elapsed = Math.min(slotMs, Math.max(0, nowMs.value - slotStartMs(state.rules, slot)));
  const epoch = committeeOf(state, slot);
  return (
    <Region
      id="slot"
      title={
        <>
          Slot <a href={`#/slot/${slot}`}>{count(slot)}</a>
        </>
      }
      aside={
        <b class="figure">
          {Math.floor(elapsed / 1000)} / {state.rules.slotDuration} s
        </b>
      }
      twin={row === undefined ? undefined : () => <MemberTable row={row} />}
    >
      <p class="line">
        {row === undefined ? (
          "No slot has begun yet."
        ) : row.proposer === null ? (
          "Anyone may propose: there is no committee."
        ) : (
          <>
            proposer <Validator address={row.proposer} />
            <span class="soft"> {whatHappens(row, elapsed)}</span>
          </>
        )}
      </p>
      <Track row={row} elapsed={elapsed} />
      {row === undefined || epoch === undefined || epoch.committee.length === 0 ? null : (
        <>
          <Dots row={row} committee={epoch.committee} over={elapsed >= slotMs} quorum={epoch.quorum} />
          <Next slot={slot} />
        </>
      )}
    </Region>
  );
}

const MAX_REASON = 160;
const UPCOMING = 3;

/** Who proposes after this slot. */
function Next({ slot }: { readonly slot: number }) {
  const upcoming = Array.from({ length: UPCOMING }, (_, i) => slot + 1 + i).flatMap(one => {
    const members = committeeOf(known(), one)?.committee ?? [];
    const address = proposerOf(one, members);
    return address === null ? [] : [{ slot: one, address }];
  });
  if (upcoming.length === 0) return null;
  return (
    <p class="line next">
      <span class="soft">then</span>
      {upcoming.map(one => (
        <span key={one.slot}>
          <Validator address={one.address} />
        </span>
      ))}
    </p>
  );
}

function whatHappens(row: SlotRow, elapsed: number): string {
  if (!known().tips.synced) return "this node catches up first";
  const block = row.blocks.findLast(one => one.removed === undefined);
  if (block !== undefined) return `block ${count(block.number)} ${onL1At(block.afterMs)}`;
  if (row.own !== undefined) return foreign(row.own.reason ?? row.own.outcome, MAX_REASON);
  if (row.proposal !== undefined)
    return `proposed ${plural(row.proposal.txs, "tx", "txs")} at ${seconds(row.proposal.afterMs)} s`;
  return elapsed > known().rules.timetable.propose ? "has proposed nothing so far" : "may propose now";
}

/** The slot as a line: parts by deadline, arrivals, and the hand. */
function Track({ row, elapsed }: { readonly row: SlotRow | undefined; readonly elapsed: number }) {
  const [ref, width] = useWidth<HTMLDivElement>(400);
  const { timetable, slotDuration } = known().rules;
  const total = slotDuration * 1000;
  const x = (ms: number) => Math.round((Math.min(ms, total) / total) * (width - 2)) + 1;
  const parts = [
    ["build", 0, timetable.propose],
    ["attest", timetable.propose, timetable.publish],
    ["L1", timetable.publish, total],
  ] as const;
  const block = row?.blocks.findLast(one => one.removed === undefined);
  const arrivals = row?.attested.map(([, ms]) => `M${x(ms)} ${TRACK.top + 3}v${TRACK.height - 6}`).join("");
  return (
    <div ref={ref} class="graphic">
      <svg width={width} height={TRACK.total} role="img" aria-label={trackText(row, elapsed)}>
        {parts.map(([name, from, to], i) => (
          <g key={name}>
            <rect
              class={i % 2 === 0 ? "track" : "track other"}
              x={x(from)}
              y={TRACK.top}
              width={Math.max(0, x(to) - x(from))}
              height={TRACK.height}
            />
            {x(to) - x(from) < 30 ? null : (
              <text class="label" x={(x(from) + x(to)) / 2} y={12} text-anchor="middle">
                {name}
              </text>
            )}
            {i === 2 || x(total) - x(to) < 34 ? null : (
              <>
                <path class="deadline" d={`M${x(to)}.5 ${TRACK.top - 3}V${TRACK.bottom + 4}`} />
                <text class="label" x={x(to)} y={TRACK.total - 4} text-anchor="middle">
                  {seconds(to)}
                </text>
              </>
            )}
          </g>
        ))}
        <path class="arrival" d={arrivals ?? ""} />
        {row?.proposal === undefined ? null : (
          <path class="fill-pending" d={`M${x(row.proposal.afterMs)} ${TRACK.top + 1}l5 6-5 6-5-6Z`} />
        )}
        {block === undefined || block.afterMs === null ? null : (
          <rect class="fill-proven" x={x(block.afterMs) - 4} y={TRACK.top + 3} width={8} height={8} />
        )}
        <Hand key={row?.slot} at={x(elapsed)} next={x(elapsed + HAND_MS)} />
        <text class="label" x={width} y={TRACK.total - 4} text-anchor="end">
          {slotDuration} s
        </text>
      </svg>
    </div>
  );
}

/** It is moved each second, and glides to where it will be then: so it is never late. */
const HAND_MS = 1_000;
/** px, of any screen. */
const WIDEST = 4_000;
const still = matchMedia("(prefers-reduced-motion: reduce)");

function Hand({ at, next }: { readonly at: number; readonly next: number }) {
  return (
    <svg x={0} y={TRACK.top - 3} width="100%" height={TRACK.height + 10}>
      <g class="hand" transform={`translate(${still.matches ? at : next} 0)`}>
        <rect class="elapsed" x={-WIDEST} y={TRACK.height + 1} width={WIDEST} height={2} />
        <path d={`M0 0V${TRACK.height + 7}`} />
      </g>
    </svg>
  );
}

function trackText(row: SlotRow | undefined, elapsed: number): string {
  const { timetable } = known().rules;
  const proposal =
    row?.proposal === undefined ? "no proposal yet" : `proposal after ${seconds(row.proposal.afterMs)} seconds`;
  const until = `build until ${seconds(timetable.propose)}, attest until ${seconds(timetable.publish)} seconds`;
  return `${Math.floor(elapsed / 1000)} seconds into the slot; ${until}; ${proposal}`;
}

interface DotsProps {
  readonly row: SlotRow;
  readonly committee: readonly string[];
  readonly over: boolean;
  readonly quorum: number;
}

/** A dot a member, in committee order: filled once its attestation is here. */
function Dots({ row, committee, over, quorum }: DotsProps) {
  const [ref, width] = useWidth<HTMLDivElement>(400);
  const heard = new Set(row.attested.map(([member]) => member));
  const pitch = committee.length > MANY ? SMALL_DOT : DOT;
  const perLine = Math.max(8, Math.min(committee.length, Math.floor(width / pitch)));
  const radius = pitch / 2 - (committee.length > MANY ? 2 : 3.5);
  const paths = { heard: "", waiting: "", missed: "", proposer: "", own: "" };
  committee.forEach((address, i) => {
    const [x, y] = [(i % perLine) * pitch + pitch / 2, Math.floor(i / perLine) * pitch + pitch / 2];
    const arc = (to: number) => `a${radius} ${radius} 0 1 0 ${to} 0`;
    const circle = `M${x - radius} ${y}${arc(2 * radius)}${arc(-2 * radius)}`;
    const side = radius + 1;
    if (address === row.proposer)
      paths.proposer += `M${x} ${y - side}l${side} ${side}-${side} ${side}-${side}-${side}Z`;
    else if (heard.has(i)) paths.heard += circle;
    else if (over && heard.size > 0) paths.missed += `M${x - 3} ${y - 3}l6 6M${x + 3} ${y - 3}l-6 6`;
    else paths.waiting += circle;
    if (address === known().node.own) paths.own += `M${x - radius} ${y + radius + 2}h${2 * radius}`;
  });
  const at = quorumMs(row, quorum);
  const text = `${row.attested.length} of ${committee.length} attested`;
  const goal = at === null ? `${quorum} needed` : `quorum of ${quorum} at ${seconds(at)} s`;
  return (
    <div ref={ref} class="graphic dots">
      <svg
        width={width}
        height={Math.ceil(committee.length / perLine) * pitch + 2}
        role="img"
        aria-label={`${text}, ${goal}`}
      >
        <path class="fill-pending" d={paths.heard} />
        <path class="ring" d={paths.waiting} />
        <path class="cross" d={paths.missed} />
        <path class={heard.has(committee.indexOf(row.proposer ?? "")) ? "fill-pending" : "ring"} d={paths.proposer} />
        <path class="own" d={paths.own} />
      </svg>
      <p class="line">
        <b>{row.attested.length}</b>/{committee.length} attested <span class="soft">· {goal} · ◆ proposes</span>
      </p>
    </div>
  );
}

/** Who attested and when. */
export function MemberTable({ row }: { readonly row: SlotRow }) {
  const heard = new Map(row.attested);
  const rows = (committeeOf(known(), row.slot)?.committee ?? []).map((address, i) => {
    const at = heard.get(i);
    return [
      <Validator address={address} />,
      address === row.proposer ? "proposes" : "attests",
      at === undefined ? "not heard" : `${seconds(at)} s`,
    ];
  });
  return <Table caption={`Committee in slot ${row.slot}`} head={["Member", "Duty", "Attested"]} rows={rows} />;
}
