import type { LoadProgress } from "@sprtn/load";

/** A run at a moment, in a line. */
export function progressLine({
  phase,
  atMs,
  offeredMs,
  asked,
  due,
  sent,
  open,
  failed,
  latency,
}: LoadProgress): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const pending = latency.summary("pending");
  const times = pending === undefined ? "" : `, pending p50 ${seconds(pending.p50Ms)} p99 ${seconds(pending.p99Ms)}`;
  const where =
    phase === "drain" ? `drain, ${seconds(atMs - offeredMs)}` : `${phase} ${seconds(atMs)} of ${seconds(offeredMs)}`;
  return `${where}: ${asked.toFixed(1)}/s asked, ${due} due, ${sent} sent, ${open} open, ${failed} failed${times}`;
}
