import { unpackHistogram } from "../measure/histogram.js";
import { LoadError, LoadErrorCode } from "../load-error.js";
import { type LoadReport, loadReportSchema } from "./load-report.js";

/** A longer file is no report: a day at 48 nodes takes a fifth of it. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Told at once. */
const SHOWN = 3;

/**
 * A report from what a run wrote as `report.json`.
 * @throws LoadError BAD_REPORT, whose text names the file and what of it is wrong
 */
export function readReport(content: string | Uint8Array, file: string): LoadReport {
  const bad = (what: string) =>
    new LoadError(LoadErrorCode.BAD_REPORT, `${file}: ${what}. Give the report.json that tx-bot run wrote`, {
      path: file,
    });
  const bytes = typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;
  if (bytes > MAX_BYTES) throw bad(`it is longer than ${MAX_BYTES / 1024 / 1024} MiB`);
  let value: unknown;
  try {
    value = JSON.parse(typeof content === "string" ? content : new TextDecoder().decode(content));
  } catch {
    throw bad("it is no JSON");
  }
  const result = loadReportSchema.safeParse(value);
  if (!result.success) {
    const { issues } = result.error;
    const shown = issues.slice(0, SHOWN).map(({ path, message }) => `${path.join(".") || "the report"}: ${message}`);
    throw bad(`${shown.join("; ")}${issues.length > SHOWN ? `; and ${issues.length - SHOWN} more` : ""}`);
  }
  checkHistograms(result.data, bad);
  return result.data;
}

function checkHistograms({ latency, intervals }: LoadReport, bad: (what: string) => LoadError): void {
  const check = (packed: string, path: string) => {
    try {
      unpackHistogram(packed);
    } catch {
      throw bad(`${path}: this is no histogram of latencies`);
    }
  };
  for (const [stage, kinds] of Object.entries(latency))
    for (const [kind, { packed }] of Object.entries(kinds)) check(packed, `latency.${stage}.${kind}.packed`);
  for (const [i, interval] of intervals.entries())
    for (const [stage, packed] of Object.entries(interval.latency)) check(packed, `intervals.${i}.latency.${stage}`);
}
