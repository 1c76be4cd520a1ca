import type uPlot from "uplot";
import type { ReportView } from "../report/report-view.js";
import { duration, moment } from "../report/text.js";
import { blockLines, type Colours, type Line, nodeLine, rateLines, stageLines } from "./look.js";
import { drawBands, drawHeat, drawSlots } from "./paint.js";

/** What a chart is drawn with. */
interface Drawing {
  readonly view: ReportView;
  readonly width: number;
  readonly colours: Colours;
  /** Of the chart's selection; empty if it has none. */
  readonly chosen: string;
}

interface Asked {
  readonly options: uPlot.Options;
  readonly data: uPlot.AlignedData;
}

type Drawer = (drawing: Drawing) => Asked | undefined;

/** As wide for all charts, so that their times stand above one another. */
const LEFT = 64;
const FONT = "12px system-ui, 'Segoe UI', 'Liberation Sans', sans-serif";
const TALL = 240;
const LOW = 170;

function lineSeries(label: string, { colour, dash }: Line, { colours }: Drawing): uPlot.Series {
  return {
    label,
    stroke: colours[colour],
    width: 1.75,
    dash: [...dash],
    points: { show: false },
    spanGaps: true,
    value: (_, value) => (value === null || value === undefined ? "–" : String(Number(value.toPrecision(3)))),
  };
}

function axis(colours: Colours, more: uPlot.Axis): uPlot.Axis {
  return {
    stroke: colours.soft,
    font: FONT,
    grid: { stroke: colours.line, width: 1 },
    ticks: { stroke: colours.line, width: 1, size: 5 },
    ...more,
  };
}

/** An axis of the run's time, from its begin to its end. */
function timeAxis({ view, colours, width }: Drawing): uPlot.Axis {
  const steps = [5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200].map(s => 1_000 * s);
  const step = steps.find(one => (view.toMs - view.fromMs) / one < width / 90) ?? 86_400_000;
  const first = Math.ceil(view.fromMs / step) * step;
  const count = Math.max(0, Math.floor((view.toMs - first) / step)) + 1;
  const splits = Array.from({ length: Math.min(count, 50) }, (_, i) => first + i * step);
  return axis(colours, { splits: () => splits, values: (_, values) => values.map(moment), size: 32 });
}

/** A line's sample has its dashes. */
const markers: uPlot.Legend.Markers = {
  width: 3,
  dash: (plot, i) => {
    const [length] = plot.series[i]?.dash ?? [];
    return length === undefined ? "solid" : length < 5 ? "dotted" : "dashed";
  },
};

interface TimeChart {
  readonly height?: number;
  readonly data: uPlot.AlignedData;
  readonly series: readonly uPlot.Series[];
  readonly y?: { readonly scale: uPlot.Scale; readonly axis: uPlot.Axis };
  readonly paint?: (plot: uPlot) => void;
  readonly legend?: boolean;
}

/** A chart over the run's time, with the faults as bands and one cursor for all of them. */
function timeChart(drawing: Drawing, { height = LOW, data, series, y, paint, legend = true }: TimeChart): Asked {
  const { view, width, colours } = drawing;
  return {
    data,
    options: {
      width,
      height,
      padding: [8, 14, 0, 0],
      legend: { show: legend, markers },
      cursor: { sync: { key: "time" }, y: false, drag: { x: false, y: false }, points: { size: 5 } },
      scales: {
        x: { time: false, range: () => [view.fromMs, view.toMs] },
        y: y?.scale ?? { range: (_, __, most) => [0, Math.max(most ?? 0, 1e-9) * 1.08] },
      },
      axes: [timeAxis(drawing), axis(colours, { size: LEFT, ...y?.axis })],
      series: [{ label: "at", value: (_, value) => (value === null ? "–" : moment(value)) }, ...series],
      hooks: { drawClear: [plot => drawBands(plot, view, colours)], draw: paint === undefined ? [] : [paint] },
    },
  };
}

const rates: Drawer = drawing => {
  const { at, asked, sent, pending, proven } = drawing.view.rates;
  if (at.length === 0) return undefined;
  const names = ["asked", "sent", "pending", "proven"] as const;
  return timeChart(drawing, {
    height: TALL,
    data: [[...at], [...asked], [...sent], [...pending], [...proven]],
    series: names.map(name => lineSeries(`${name}/s`, rateLines[name], drawing)),
  });
};

const TICKS = [
  1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 60_000, 180_000, 600_000, 1_800_000, 3_600_000, 10_800_000,
  36_000_000, 86_400_000,
];

function logScale(from: number, to: number): uPlot.Scale {
  return { distr: 3, log: 10, range: () => [from, to] };
}

/** `room`: px between its ends; ticks stand far enough apart to be read. */
function logAxis(colours: Colours, [from, to]: readonly [number, number], room: number): uPlot.Axis {
  const distance = (a: number, b: number) => (room * Math.log10(b / a)) / Math.log10(to / from);
  const kept: number[] = [];
  for (const tick of TICKS)
    if (tick >= from && tick <= to && distance(kept.at(-1) ?? Number.MIN_VALUE, tick) >= TICK_ROOM) kept.push(tick);
  const splits = kept.length > 1 ? kept : [from, to];
  return axis(colours, {
    splits: () => [...splits],
    filter: (_, all) => all,
    values: (_, all) => all.map(shortDuration),
  });
}

/** px */
const TICK_ROOM = 54;

/** Ticks are round figures: without their zeros. */
function shortDuration(ms: number): string {
  return TICKS.includes(ms) && ms >= 1_000
    ? ms < 60_000
      ? `${ms / 1_000} s`
      : ms < 3_600_000
        ? `${ms / 60_000} min`
        : `${ms / 3_600_000} h`
    : duration(ms);
}

const latency: Drawer = drawing => {
  const { view, width, colours, chosen } = drawing;
  const { ms, curves } = view.latency;
  const shown = curves.filter(({ kind }) => kind === chosen);
  const range = [ms[0] ?? 1, ms.at(-1) ?? 10] as const;
  return {
    data: [[...ms], ...shown.map(({ share }) => share.map(one => 100 * one))],
    options: {
      width,
      height: TALL + 30,
      padding: [8, 14, 0, 0],
      legend: { markers },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 } },
      scales: { x: { time: false, ...logScale(...range) }, y: { range: [0, 102] } },
      axes: [
        { ...logAxis(colours, range, width - LEFT - 14), size: 32 },
        axis(colours, {
          size: LEFT,
          splits: () => [0, 25, 50, 75, 90, 99],
          values: (_, all) => all.map(one => `${one} %`),
        }),
      ],
      series: [
        { label: "within", value: (_, value) => (value === null ? "–" : duration(value)) },
        ...shown.map(({ stage }) => ({
          ...lineSeries(stage, stageLines[stage] ?? { colour: "ink", dash: [] }, drawing),
          value: (_: uPlot, value: number | null) => (value === null ? "–" : `${value.toFixed(1)} %`),
        })),
      ],
    },
  };
};

const heat: Drawer = drawing => {
  const { view, colours, chosen } = drawing;
  const { bounds, stages } = view.heat;
  const cells = stages.find(({ stage }) => stage === chosen)?.cells ?? [];
  let [low, high] = [bounds.length, 0];
  for (let i = 1; i < cells.length; i += 3) {
    low = Math.min(low, cells[i] ?? 0);
    high = Math.max(high, cells[i] ?? 0);
  }
  const range = [bounds[Math.max(0, low - 1)] ?? 1, bounds[Math.min(bounds.length - 1, high + 2)] ?? 10] as const;
  return timeChart(drawing, {
    height: TALL,
    legend: false,
    data: [
      [view.fromMs, view.toMs],
      [null, null],
    ],
    series: [{ label: "latency", show: true, points: { show: false } }],
    y: { scale: logScale(...range), axis: { ...logAxis(colours, range, 2 * TALL), size: LEFT, grid: { show: false } } },
    paint: plot => drawHeat(plot, view.heat, { cells, colours }),
  });
};

const slots: Drawer = drawing => {
  const { view, colours } = drawing;
  return timeChart(drawing, {
    height: 96,
    legend: false,
    data: [
      [view.fromMs, view.toMs],
      [null, null],
    ],
    series: [{ label: "slots", points: { show: false } }],
    y: {
      scale: { range: [0, 1] },
      axis: { size: LEFT, splits: () => [], values: () => [], grid: { show: false }, ticks: { show: false } },
    },
    paint: plot => drawSlots(plot, view.slots, colours),
  });
};

const blocks: Drawer = drawing => {
  const { at, proposal, quorum, l1 } = drawing.view.blocks;
  const seconds = (list: readonly (number | null)[]) => list.map(ms => (ms === null ? null : ms / 1_000));
  const names = { proposal: "proposal, s", quorum: "quorum, s", l1: "on L1, s" } as const;
  return timeChart(drawing, {
    data: [[...at], seconds(proposal), seconds(quorum), seconds(l1)],
    series: (["proposal", "quorum", "l1"] as const).map(name => lineSeries(names[name], blockLines[name], drawing)),
  });
};

function nodeChart(field: "cores" | "rss" | "lag" | "pool"): Drawer {
  return drawing => {
    const { nodes } = drawing.view;
    // Nodes are sampled at the same moments, but some began later or stopped.
    const at = [...new Set(nodes.flatMap(node => node.at))].sort((a, b) => a - b);
    const lists = nodes.map(node => {
      const values = new Map(node.at.map((ms, i) => [ms, node[field][i] ?? null]));
      return at.map(ms => values.get(ms));
    });
    return timeChart(drawing, {
      data: [at, ...lists],
      series: nodes.map(({ name }, i) => ({ ...lineSeries(name, nodeLine(i), drawing), width: 1.5 })),
    });
  };
}

/** By the chart's name. */
export const drawers: Readonly<Record<string, Drawer>> = {
  rates,
  latency,
  heat,
  slots,
  blocks,
  cores: nodeChart("cores"),
  rss: nodeChart("rss"),
  lag: nodeChart("lag"),
  pool: nodeChart("pool"),
};
