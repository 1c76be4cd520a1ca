import uPlot from "uplot";
import type { ReportView } from "../report/report-view.js";
import { drawers } from "./charts.js";
import { coloursOf } from "./look.js";
import "./page.css";

const view = JSON.parse(document.getElementById("view")?.textContent ?? "") as ReportView;
const places = [...document.querySelectorAll<HTMLElement>("[data-chart]")];
const drawn = new Map<HTMLElement, uPlot>();

function draw(place: HTMLElement): void {
  const name = place.dataset["chart"] ?? "";
  const choice = document.querySelector<HTMLSelectElement>(`select[data-chooses="${name}"]`);
  const width = Math.max(240, Math.floor(place.clientWidth));
  const asked = drawers[name]?.({ view, width, colours: coloursOf(document.body), chosen: choice?.value ?? "" });
  drawn.get(place)?.destroy();
  if (asked !== undefined) drawn.set(place, new uPlot(asked.options, asked.data, place));
}

for (const place of places) draw(place);
for (const choice of document.querySelectorAll<HTMLSelectElement>("select[data-chooses]"))
  choice.addEventListener("change", () => {
    for (const place of places) if (place.dataset["chart"] === choice.dataset["chooses"]) draw(place);
  });

let width = document.body.clientWidth;
new ResizeObserver(() => {
  if (document.body.clientWidth === width) return;
  width = document.body.clientWidth;
  for (const place of places) draw(place);
}).observe(document.body);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const place of places) draw(place);
});
