import { useState } from "preact/hooks";
import { type LaneColumn, laneColumns } from "../../figures/lanes.js";
import { committeeOf } from "../../figures/committee.js";
import { count, onL1At, plural, short } from "../../figures/text.js";
import { Cursor } from "../cursor.js";
import { Region, Sample, Table, useWidth, Validator } from "../parts.js";
import { currentSlot, known } from "../store.js";

const LABELS = 76;
const TIPS = 68;
const NARROW = 600;
/** Least width of a column: older slots go first where there is no room. */
const MIN_PITCH = 9;
const MAX_PITCH = 16;
const ROW = { epoch: 14, pending: 62, proven: 86, finalized: 110, height: 118 } as const;
const TALLEST = 36;
const LOWEST = 6;
const CELL = 12;
/** Of the table: each has a dozen nodes. */
const MAX_ROWS = 64;

const titles = { removed: { prune: "pruned: it was not proven in time", reorg: "removed by a reorg of L1" } } as const;

/** What a slot was, in words. */
function describe(column: LaneColumn): string {
  const { slot, block, removed, current } = column;
  const row = known().slots.find(one => one.slot === slot);
  const gone = removed.map(one => `block ${one.number} ${titles.removed[one.removed ?? "reorg"]}`);
  const parts =
    block === null
      ? [current ? "goes on" : "no block"]
      : [`block ${count(block.number)}`, block.stage, plural(block.txs, "tx", "txs"), onL1At(block.afterMs)];
  const quorum = committeeOf(known(), slot)?.quorum ?? 0;
  const attested = row === undefined || quorum === 0 ? [] : [`${row.attested.length} attested of ${quorum} needed`];
  const proposer = row === undefined || row.proposer === null ? [] : [`proposer ${short(row.proposer)}`];
  return [`slot ${count(slot)}`, ...parts, ...attested, ...proposer, ...gone].join(" · ");
}

/** CHAINS: how far the blocks of each slot have come. */
export function Lanes() {
  const all = laneColumns(known(), currentSlot.value);
  return (
    <Region
      id="chains"
      title="Chains"
      aside={
        <>
          <Sample look="fill-pending">pending</Sample>
          <Sample look="hatch-proven">being proven</Sample>
          <Sample look="fill-proven">proven</Sample>
          <Sample look="fill-finalized">finalized</Sample>
          <span class="sample">
            <svg width="10" height="10" aria-hidden="true">
              <path class="cross" d="M1.5 1.5l7 7M8.5 1.5l-7 7" />
            </svg>
            removed
          </span>
          <span class="sample wide-only">height = transactions</span>
        </>
      }
      twin={() => <LaneTable columns={all} />}
    >
      <LaneGraphic all={all} />
    </Region>
  );
}

function LaneGraphic({ all }: { readonly all: readonly LaneColumn[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(1200);
  /** Slots that are newer than those shown: a reader went back in time. */
  const [newer, setNewer] = useState(0);
  const { tips } = known();
  const narrow = width < NARROW;
  const labels = narrow ? 62 : LABELS;
  const room = width - labels - (narrow ? 52 : TIPS);
  const fit = Math.min(all.length, Math.max(8, Math.floor(room / MIN_PITCH)));
  const hidden = Math.min(newer, all.length - fit);
  const columns = all.slice(all.length - fit - hidden, all.length - hidden);
  const shift = (by: number) => setNewer(Math.min(all.length - fit, Math.max(0, hidden - by)));
  const pitch = Math.min(MAX_PITCH, room / Math.max(1, columns.length));
  // Now is at the right, also of a network that is young.
  const left = labels + room - pitch * columns.length;
  return (
    <div ref={ref} class="graphic">
      <Cursor
        label="Slots, oldest first; Enter opens one"
        left={left}
        pitch={pitch}
        columns={columns.length}
        textOf={i => describe(columns[i] as LaneColumn)}
        open={i => (location.hash = `#/slot/${columns[i]?.slot}`)}
        shift={shift}
      >
        {at => (
          <>
            <svg width={width} height={ROW.height} aria-hidden="true">
              {at === null ? null : (
                <rect class="pointed" x={left + at * pitch} y={ROW.epoch + 2} width={pitch} height={ROW.height - 18} />
              )}
              <Epochs {...{ columns, left, pitch }} />
              <Cells {...{ columns, left, pitch }} />
              {(["pending", "proven", "finalized"] as const).map(lane => (
                <g key={lane}>
                  <text class="label" x={0} y={ROW[lane]}>
                    {lane}
                  </text>
                  <text class={`tip text-${lane}`} x={width} y={ROW[lane]} text-anchor="end">
                    {count(tips[lane])}
                  </text>
                </g>
              ))}
            </svg>
            <p class="readout">{at === null ? hint(columns) : describe(columns[at] as LaneColumn)}</p>
          </>
        )}
      </Cursor>
      {fit === all.length ? null : (
        <p class="line">
          <button type="button" disabled={hidden >= all.length - fit} onClick={() => shift(-fit)}>
            ← older
          </button>{" "}
          <button type="button" disabled={hidden === 0} onClick={() => shift(fit)}>
            newer →
          </button>
        </p>
      )}
    </div>
  );
}

function hint(columns: readonly LaneColumn[]): string {
  const { pending, proven, finalized } = known().tips;
  const newest = columns.at(-1);
  if (newest === undefined) return "No slot has begun yet: blocks appear here, slot by slot.";
  if (!known().tips.synced) return "Blocks appear here once the node has caught up.";
  const first = columns[0] as LaneColumn;
  const unproven = pending === proven ? "all proven" : `${count(pending - proven)} to prove`;
  const unfinal = proven === finalized ? "all proven blocks final" : `${count(proven - finalized)} to finalize`;
  return `slots ${count(first.slot)} to ${count(newest.slot)} · ${unproven} · ${unfinal}`;
}

interface Placed {
  readonly columns: readonly LaneColumn[];
  readonly left: number;
  readonly pitch: number;
}

/** A line where each epoch begins, and its number. */
function Epochs({ columns, left, pitch }: Placed) {
  const starts = columns.flatMap((column, i) =>
    i === 0 || column.epoch !== columns[i - 1]?.epoch ? [{ i, epoch: column.epoch }] : [],
  );
  return (
    <>
      {starts.map(({ i, epoch }, n) => {
        const x = Math.round(left + i * pitch) + 0.5;
        const room = ((starts[n + 1]?.i ?? columns.length) - i) * pitch;
        return (
          <g key={epoch}>
            {i === 0 ? null : <path class="rule" d={`M${x} 0V${ROW.height}`} />}
            {room < 50 ? null : (
              <text class="label" x={x + (i === 0 ? 0 : 5)} y={10}>
                {room < 90 ? count(epoch) : `epoch ${count(epoch)}`}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** One path a kind: the page stays light, however many slots there are. */
function Cells({ columns, left, pitch }: Placed) {
  const gap = pitch > 8 ? 2 : 1;
  const size = Math.min(CELL, pitch - gap);
  const most = Math.max(1, ...columns.map(({ block }) => block?.txs ?? 0));
  const paths: Record<"pending" | "proven" | "finalized" | "proving" | "empty" | "waiting" | "cross" | "now", string> =
    { pending: "", proven: "", finalized: "", proving: "", empty: "", waiting: "", cross: "", now: "" };
  const box = (x: number, base: number, height: number) => `M${x} ${base}v${-height}h${size}v${height}Z`;
  columns.forEach((column, i) => {
    const x = Math.round((left + i * pitch + (pitch - size) / 2) * 2) / 2;
    const { block } = column;
    const height = block === null ? 0 : Math.round(LOWEST + (TALLEST - LOWEST) * (block.txs / most));
    for (const n of column.removed.keys()) {
      const y = ROW.pending - (height === 0 ? 0 : height + 3) - n * (size + 2);
      paths.cross += `M${x} ${y}l${size} ${-size}M${x} ${y - size}l${size} ${size}`;
    }
    if (block === null) {
      if (column.current) paths.now += box(x + 0.5, ROW.pending - 0.5, CELL - 1);
      else if (column.removed.length === 0) paths.empty += `M${x + size / 2 - 2} ${ROW.pending - 1}h4`;
      return;
    }
    paths.pending += box(x, ROW.pending, height);
    if (block.stage !== "pending") paths.proven += box(x, ROW.proven, CELL);
    else if (column.proving) paths.proving += box(x, ROW.proven, CELL);
    else paths.waiting += `M${x + size / 2 - 1} ${ROW.proven - 6}h2`;
    if (block.stage === "finalized") paths.finalized += box(x, ROW.finalized, CELL);
    else if (block.stage === "proven") paths.waiting += `M${x + size / 2 - 1} ${ROW.finalized - 6}h2`;
  });
  return (
    <>
      <path class="fill-pending" d={paths.pending} />
      <path class="fill-proven" d={paths.proven} />
      <path class="fill-finalized" d={paths.finalized} />
      <path class="hatch-proven" d={paths.proving} />
      <path class="stroke-empty" d={paths.empty} />
      <path class="stroke-empty" d={paths.waiting} stroke-width="2" />
      <path class="cross" d={paths.cross} />
      <path class="now" d={paths.now} />
    </>
  );
}

function LaneTable({ columns }: { readonly columns: readonly LaneColumn[] }) {
  const rows = columns
    .filter(({ block, removed, current }) => block !== null || removed.length > 0 || current)
    .slice(-MAX_ROWS)
    .toReversed()
    .map(({ slot, block, removed, current }) => [
      <a href={`#/slot/${slot}`}>{count(slot)}</a>,
      block === null ? "–" : <a href={`#/block/${block.number}`}>{count(block.number)}</a>,
      block === null ? (current ? "goes on" : "removed") : block.stage,
      block === null ? "–" : count(block.txs),
      <ProposerOf slot={slot} />,
      removed.map(one => `${one.number} ${titles.removed[one.removed ?? "reorg"]}`).join(", ") || "–",
    ]);
  const head = ["Slot", "Block", "Stage", "Txs", "Proposer", "Removed"];
  return <Table caption={`The last ${rows.length} slots with a block, newest first`} head={head} rows={rows} />;
}

function ProposerOf({ slot }: { readonly slot: number }) {
  const proposer = known().slots.find(row => row.slot === slot)?.proposer ?? null;
  return proposer === null ? <>–</> : <Validator address={proposer} />;
}
