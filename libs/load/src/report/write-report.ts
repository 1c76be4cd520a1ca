import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { LoadReport } from "./load-report.js";
import { markup, Markup } from "./markup.js";
import {
  latencySection,
  lossesSection,
  NODES_DRAWN,
  nodesSection,
  ratesSection,
  setUpSection,
  slotsSection,
  verdictSection,
} from "./report-sections.js";
import { viewOf } from "./view-of.js";

/** A report's page has at most so many bytes. */
export const MAX_REPORT_BYTES = 400_000;
/** Points over time: as many as a wide screen shows, and fewer where the page would become too long. */
const COLUMNS = [360, 240, 160, 100, 60, 30, 15] as const;

/** The script and the style that every report's page contains. */
export interface ReportAssets {
  readonly script: string;
  readonly style: string;
}

/** The assets as they were built with this package. */
export function reportAssets(): ReportAssets {
  const read = (file: string) => readFileSync(new URL(`../assets/${file}`, import.meta.url), "utf8");
  return { script: read("report.js"), style: read("report.css") };
}

/**
 * A report as a page in one file of at most {@link MAX_REPORT_BYTES}. It loads nothing, and whatever nodes called
 * themselves stays text.
 * @throws LoadError BAD_REPORT if a histogram cannot be read
 */
export function reportHtml(report: LoadReport, assets: ReportAssets): string {
  let page = "";
  for (const columns of COLUMNS) {
    page = writePage(report, assets, columns);
    if (Buffer.byteLength(page) <= MAX_REPORT_BYTES) break;
  }
  return page;
}

function writePage(report: LoadReport, assets: ReportAssets, columns: number): string {
  // Inside a script or a style, only its end tag ends it.
  const script = assets.script.replaceAll(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "<\\!--");
  const style = assets.style.replaceAll("</", "<\\/");
  const data = JSON.stringify(viewOf(report, { columns, nodes: NODES_DRAWN })).replaceAll("<", "\\u003c");
  const policy =
    `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; img-src data:; ` +
    "base-uri 'none'; form-action 'none'";
  const raw = (text: string) => new Markup(text);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Load test ${report.scenario.name}: ${report.verdict}</title>
<link rel="icon" href="data:,">
<style>${raw(style)}</style>
</head>
<body>
<main>
${verdictSection(report)}
<noscript><p>Charts need JavaScript; the tables below have the same figures.</p></noscript>
${setUpSection(report)}
${ratesSection(report)}
${latencySection(report)}
${slotsSection(report)}
${nodesSection(report)}
${lossesSection(report)}
</main>
<script id="view" type="application/json">${raw(data)}</script>
<script>${raw(script)}</script>
</body>
</html>
`.text;
}

function hashOf(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}
