import { type BlockTime, blockTimes, type Stretch } from "../../figures/block-times.js";
import { count, seconds } from "../../figures/text.js";
import { Region, Sample, Table, useWidth } from "../parts.js";
import { known } from "../store.js";

const LABEL = 52;
const FIGURE = 44;
const PITCH = 18;
const BAR = 11;
const AXIS = 16;
const words: Readonly<Record<Stretch["kind"], string>> = { proposal: "proposal", quorum: "quorum", l1: "L1" };
const looks: Readonly<Record<Stretch["kind"], string>> = {
  proposal: "fill-pending",
  quorum: "hatch-pending",
  l1: "dotted",
};

/** WHERE TIME GOES: the last blocks, from the start of their slot until L1 held them. */
export function BlockTimes() {
  const blocks = blockTimes(known());
  return (
    <Region
      id="time"
      title="Where time goes"
      aside={
        <>
          <Sample look="fill-pending">proposal</Sample>
          <Sample look="hatch-pending">quorum</Sample>
          <Sample look="dotted">L1</Sample>
          <Sample look="hatch-failure">late</Sample>
          {blocks.some(({ steps }) => steps.length > 0) ? <span class="sample">▁ own</span> : null}
        </>
      }
      twin={() => <TimeTable blocks={blocks} />}
    >
      {blocks.length === 0 ? (
        <p class="empty">Each block appears here with the times at which it was proposed, signed, and on L1.</p>
      ) : null}
      {blocks.length === 0 ? null : <Bars blocks={blocks} />}
    </Region>
  );
}

function Bars({ blocks }: { readonly blocks: readonly BlockTime[] }) {
  const [ref, width] = useWidth<HTMLDivElement>(400);
  const { slotDuration, timetable } = known().rules;
  const ends = blocks.map(one => one.stretches.at(-1)?.toMs ?? 0);
  const total = Math.max(slotDuration * 1000, ...ends);
  const room = width - LABEL - FIGURE;
  const x = (ms: number) => LABEL + (ms / total) * room;
  const height = blocks.length * PITCH;
  const deadlines = [...new Set([timetable.propose, timetable.publish])];
  return (
    <div ref={ref} class="graphic">
      <svg width={width} height={height + AXIS} role="img" aria-label={summary(blocks)}>
        {blocks.map((block, i) => (
          <g key={block.number} transform={`translate(0 ${i * PITCH})`}>
            <text class="label" x={0} y={12}>
              {count(block.number)}
            </text>
            {block.stretches.map(({ kind, fromMs, toMs, lateMs }) => (
              <g key={kind}>
                <rect
                  class={looks[kind]}
                  x={x(fromMs)}
                  y={3}
                  width={Math.max(1, x(toMs) - x(fromMs) - 1)}
                  height={BAR}
                />
                {toMs <= lateMs ? null : (
                  <rect
                    class="hatch-failure"
                    x={x(Math.max(fromMs, lateMs))}
                    y={3}
                    width={Math.max(1, x(toMs) - x(Math.max(fromMs, lateMs)) - 1)}
                    height={BAR}
                  />
                )}
              </g>
            ))}
            {block.steps.map(({ step, fromMs, toMs }, n) => (
              <rect
                key={step}
                class={n % 2 === 0 ? "step" : "step other"}
                x={x(fromMs)}
                y={BAR + 4}
                width={Math.max(1, x(toMs) - x(fromMs) - 1)}
                height={2}
              />
            ))}
            <text class="label strong" x={width} y={12} text-anchor="end">
              {seconds(block.stretches.at(-1)?.toMs ?? 0)} s
            </text>
          </g>
        ))}
        {deadlines.map(ms => (
          <g key={ms}>
            <path class="deadline" d={`M${Math.round(x(ms))}.5 0V${height + 3}`} />
            <text class="label" x={x(ms)} y={height + AXIS - 2} text-anchor="middle">
              {seconds(ms)}
            </text>
          </g>
        ))}
        <text class="label" x={x(0)} y={height + AXIS - 2}>
          0
        </text>
        <text class="label" x={x(total)} y={height + AXIS - 2} text-anchor="end">
          {seconds(total)}
        </text>
      </svg>
    </div>
  );
}

function summary(blocks: readonly BlockTime[]): string {
  const all = blocks.map(
    ({ number, stretches }) => `block ${number} on L1 at ${seconds(stretches.at(-1)?.toMs ?? 0)} s`,
  );
  return `Times of the last blocks: ${all.join(", ")}`;
}

function TimeTable({ blocks }: { readonly blocks: readonly BlockTime[] }) {
  const rows = blocks.map(({ number, stretches, steps }) => [
    <a href={`#/block/${number}`}>{count(number)}</a>,
    ...(["proposal", "quorum", "l1"] as const).map(kind => {
      const found = stretches.find(one => one.kind === kind);
      return found === undefined ? "–" : `${seconds(found.toMs)}${found.toMs > found.lateMs ? " late" : ""}`;
    }),
    steps.map(({ step, fromMs, toMs }) => `${step} ${seconds(toMs - fromMs)}`).join(", ") || "–",
  ]);
  const head = ["Block", ...Object.values(words), "Own steps"];
  return <Table caption="Seconds into the slot" head={head} rows={rows} />;
}
