import type uPlot from "uplot";
import type { ReportView } from "../report/report-view.js";
import type { Colours } from "./look.js";

/** Faults, as bands from top to bottom, each with its name if there is room. */
export function drawBands(
  { ctx, bbox, valToPos, scales }: uPlot,
  { faults, fromMs, toMs }: ReportView,
  colours: Colours,
): void {
  if (scales["x"] === undefined) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const ratio = devicePixelRatio;
  ctx.font = `${11 * ratio}px system-ui, "Liberation Sans", sans-serif`;
  ctx.textBaseline = "top";
  for (const { label, fromMs: begin, toMs: end } of faults) {
    const left = valToPos(Math.max(begin, fromMs), "x", true);
    const width = Math.max(2 * ratio, valToPos(Math.min(end, toMs), "x", true) - left);
    ctx.globalAlpha = 0.13;
    ctx.fillStyle = colours.failure;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(left, bbox.top, width, 2 * ratio);
    if (ctx.measureText(label).width > width - 8 * ratio) continue;
    ctx.fillStyle = colours.ink;
    ctx.fillText(label, left + 4 * ratio, bbox.top + 5 * ratio);
  }
  ctx.restore();
}

/** Cells that are the darker the more payments they hold. */
export function drawHeat(
  { ctx, bbox, valToPos }: uPlot,
  { stepMs, bounds }: ReportView["heat"],
  { cells, colours }: { readonly cells: readonly number[]; readonly colours: Colours },
): void {
  let most = 1;
  for (let i = 2; i < cells.length; i += 3) most = Math.max(most, cells[i] ?? 0);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colours.pending;
  for (let i = 0; i + 2 < cells.length; i += 3) {
    const [column, row, count] = [cells[i] ?? 0, cells[i + 1] ?? 0, cells[i + 2] ?? 0];
    const left = Math.round(valToPos(column * stepMs, "x", true));
    const right = Math.round(valToPos((column + 1) * stepMs, "x", true));
    const top = Math.round(valToPos(bounds[row + 1] ?? 1, "y", true));
    const bottom = Math.round(valToPos(bounds[row] ?? 1, "y", true));
    // A single payment must be seen as well.
    ctx.globalAlpha = 0.15 + 0.85 * Math.sqrt(count / most);
    ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
  }
  ctx.restore();
}

/** Height of a slot's bar, of the strip's: what happened shows without hues. */
const heights: Readonly<Record<string, number>> = { b: 0.84, "-": 0.5, r: 0.84, e: 0.25, u: 0.08 };

/** A bar a slot: whole with transactions, lower without, hatched if removed, low if empty, a dot if unknown. */
export function drawSlots(
  { ctx, bbox, valToPos }: uPlot,
  { at, widthMs, outcomes }: ReportView["slots"],
  colours: Colours,
): void {
  const fills: Readonly<Record<string, string>> = {
    b: colours.pending,
    "-": colours.pending,
    r: colours.failure,
    e: colours.warning,
    u: colours.empty,
  };
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [i, ms] of at.entries()) {
    const outcome = outcomes[i] ?? "u";
    const left = valToPos(ms, "x", true);
    const width = Math.max(ratio, valToPos(ms + widthMs, "x", true) - left - ratio);
    const height = (heights[outcome] ?? 0.1) * bbox.height;
    const top = bbox.top + bbox.height - height;
    ctx.fillStyle = fills[outcome] ?? colours.empty;
    if (outcome === "r") for (let y = 0; y < height; y += 6 * ratio) ctx.fillRect(left, top + y, width, 3 * ratio);
    else ctx.fillRect(left, top, width, height);
  }
  ctx.restore();
}
