import { useState } from "preact/hooks";
import { type Duty, type DutyGrid, type DutyRow, dutyGrid } from "../../figures/duties.js";
import { count, plural, seconds, short } from "../../figures/text.js";
import { Cursor } from "../cursor.js";
import { Region, Sample, Table, useWidth, Validator } from "../parts.js";
import { currentSlot, known } from "../store.js";

const ROWS = 16;
const PITCH = 24;
const CELL = 9;
const NARROW_SLOTS = 24;

/** VALIDATORS: who did its duty. */
export function Duties() {
  const [all, setAll] = useState(false);
  const grid = dutyGrid(known(), currentSlot.value);
  const rows = all ? grid.rows : grid.rows.slice(0, ROWS);
  return (
    <Region
      id="validators"
      title={grid.slots.length === 0 ? "Validators" : `Validators, last ${plural(grid.slots.length, "slot")}`}
      aside={
        <>
          <Sample look="fill-pending">proposed</Sample>
          <Sample look="fill-attested">attested</Sample>
          <span class="sample">
            <svg width="10" height="10" aria-hidden="true">
              <path class="cross" d="M1.5 1.5l7 7M8.5 1.5l-7 7" />
            </svg>
            missed
          </span>
          <Sample look="hollow">no block made</Sample>
        </>
      }
      twin={() => <DutyTable rows={grid.rows} />}
    >
      {rows.length === 0 ? (
        <p class="empty">No validator is registered yet, or no slot has begun: until then anyone may propose.</p>
      ) : (
        <Grid grid={{ ...grid, rows }} />
      )}
      {grid.rows.length > ROWS ? (
        <button type="button" class="plain" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? `Show the first ${ROWS}` : `Show all ${count(grid.rows.length)}`}
        </button>
      ) : null}
    </Region>
  );
}

function Grid({ grid }: { readonly grid: DutyGrid }) {
  const [ref, width] = useWidth<HTMLDivElement>(400);
  const shown = Math.min(grid.slots.length, Math.max(NARROW_SLOTS, Math.floor(width / 6)));
  const slots = grid.slots.slice(-shown);
  const rows = grid.rows.map(row => ({ ...row, duties: row.duties.slice(-shown) }));
  const pitch = Math.min(14, width / Math.max(1, slots.length));
  const left = width - pitch * slots.length;
  return (
    <div class="grid-of-duties">
      <ul class="names">
        {rows.map(({ address }) => (
          <li key={address}>
            <Validator address={address} />
          </li>
        ))}
      </ul>
      <div ref={ref} class="graphic">
        <Cursor
          label="Duties by slot, oldest first; Enter opens a slot"
          left={left}
          pitch={pitch}
          columns={slots.length}
          textOf={i => describe(slots[i] as number, rows, i)}
          open={i => (location.hash = `#/slot/${slots[i]}`)}
        >
          {at => (
            <>
              <svg width={width} height={rows.length * PITCH} aria-hidden="true">
                {at === null ? null : (
                  <rect class="pointed" x={left + at * pitch} y={0} width={pitch} height={rows.length * PITCH} />
                )}
                <Marks rows={rows} left={left} pitch={pitch} />
              </svg>
              <p class="readout">{at === null ? "\u00a0" : describe(slots[at] as number, rows, at)}</p>
            </>
          )}
        </Cursor>
      </div>
      <ul class="figures">
        {rows.map(row => (
          <li key={row.address} class={isPoor(row) ? "text-failure" : ""}>
            {doneOf(row)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One miss is the network's noise. */
function isPoor({ proposed, attested, missed }: DutyRow): boolean {
  return missed > 1 && missed * 10 >= proposed + attested + missed;
}

/** Done of those that were asked for. */
function doneOf({ proposed, attested, missed }: DutyRow): string {
  const [done, all] = [proposed + attested, proposed + attested + missed];
  return all === 0 ? "–" : `${count(done)}/${count(all)}`;
}

function describe(slot: number, rows: readonly DutyRow[], i: number): string {
  const who = (duty: Duty) => rows.filter(row => row.duties[i] === duty).map(({ address }) => short(address));
  const [proposed, attested, missed, unused] = [who("proposed"), who("attested"), who("missed"), who("unused")];
  const parts = [
    ...(proposed.length > 0 ? [`${proposed[0]} proposed`] : []),
    ...(unused.length > 0 ? [`${unused[0]} made no block`] : []),
    ...(attested.length > 0 ? [`${attested.length} attested`] : []),
    ...(missed.length > 0 ? [`missed: ${missed.slice(0, 3).join(", ")}${missed.length > 3 ? " …" : ""}`] : []),
  ];
  return `slot ${count(slot)} · ${parts.join(" · ") || "nothing to attest"}`;
}

interface MarksProps {
  readonly rows: readonly DutyRow[];
  readonly left: number;
  readonly pitch: number;
}

/** One path a kind, however many validators there are. */
function Marks({ rows, left, pitch }: MarksProps) {
  const size = Math.min(CELL, pitch - 1);
  const paths: Record<Exclude<Duty, "out">, string> = {
    proposed: "",
    unused: "",
    attested: "",
    missed: "",
    unasked: "",
    waiting: "",
  };
  rows.forEach(({ duties }, n) => {
    const middle = n * PITCH + PITCH / 2;
    duties.forEach((duty, i) => {
      const x = Math.round((left + i * pitch + (pitch - size) / 2) * 2) / 2;
      const half = size / 2;
      if (duty === "proposed") paths.proposed += `M${x} ${middle - 6}h${size}v12h${-size}Z`;
      else if (duty === "unused") paths.unused += `M${x + 0.5} ${middle - 5.5}h${size - 1}v11h${1 - size}Z`;
      else if (duty === "attested") paths.attested += `M${x} ${middle - half}h${size}v${size}h${-size}Z`;
      else if (duty === "missed") paths.missed += `M${x} ${middle - half}l${size} ${size}m0 ${-size}l${-size} ${size}`;
      else if (duty !== "out") paths[duty] += `M${x + half - 1} ${middle}h2`;
    });
  });
  return (
    <>
      <path class="fill-attested" d={paths.attested} />
      <path class="fill-pending" d={paths.proposed} />
      <path class="hollow" d={paths.unused} />
      <path class="stroke-empty" d={paths.unasked + paths.waiting} />
      <path class="cross" d={paths.missed} />
    </>
  );
}

function DutyTable({ rows }: { readonly rows: readonly DutyRow[] }) {
  const cells = rows.map(row => [
    <Validator address={row.address} />,
    count(row.proposed),
    count(row.attested),
    count(row.missed),
    row.medianMs === null ? "–" : `${seconds(row.medianMs)} s`,
  ]);
  const head = ["Validator", "Proposed", "Attested", "Missed", "Median"];
  return <Table caption="Duties, own first, then the worst" head={head} rows={cells} />;
}
