import { inflateSync } from "node:zlib";
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, JsHistogram } from "hdr-histogram-js";
import { LoadError, LoadErrorCode } from "../load-error.js";

/** ms: what is faster counts as this, for a histogram has no zero. */
const MIN_LATENCY_MS = 1;
/** ms, a day: what is slower counts as this. */
export const MAX_LATENCY_MS = 86_400_000;

const DIGITS = 3;
/** Bytes of a histogram that uses every value there is; more would be somebody's bomb. */
const MAX_INFLATED_BYTES = 512 * 1024;
/** Of the compressed form: its cookie and its length. */
const FRAME_BYTES = 8;
const HEADER_BYTES = 40;
const COOKIE = 0x1c849303;

/** Latencies in ms, each within 0.1 % of what was recorded. */
export type LatencyHistogram = JsHistogram;

/** Payments that took the same time, as far as a histogram tells. */
export interface LatencyCount {
  readonly ms: number;
  readonly count: number;
}

/** A histogram without any latency. Few values take little memory. */
export function newHistogram(): LatencyHistogram {
  return build({
    bitBucketSize: "packed",
    autoResize: false,
    lowestDiscernibleValue: MIN_LATENCY_MS,
    highestTrackableValue: MAX_LATENCY_MS,
    numberOfSignificantValueDigits: DIGITS,
    useWebAssembly: false,
  }) as LatencyHistogram;
}

/** Counts one latency. */
export function recordLatency(histogram: LatencyHistogram, ms: number): void {
  histogram.recordValue(Math.min(MAX_LATENCY_MS, Math.max(MIN_LATENCY_MS, Math.round(ms))));
}

/** A histogram as a report carries it: base64 of HdrHistogram's compressed form V2. */
export function packHistogram(histogram: LatencyHistogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/**
 * What {@link packHistogram} wrote.
 * @throws LoadError BAD_REPORT, for anything else: a report may come from anybody
 */
export function unpackHistogram(packed: string): LatencyHistogram {
  try {
    const bytes = Buffer.from(packed, "base64");
    // Before the library makes arrays as large as the text says.
    const header = inflateSync(bytes.subarray(FRAME_BYTES), { maxOutputLength: MAX_INFLATED_BYTES });
    if (
      header.length >= HEADER_BYTES &&
      (header.readInt32BE(0) & ~0xf0) === COOKIE &&
      header.readInt32BE(4) === header.length - HEADER_BYTES &&
      header.readInt32BE(12) === DIGITS &&
      header.readBigInt64BE(16) === BigInt(MIN_LATENCY_MS) &&
      header.readBigInt64BE(24) === BigInt(MAX_LATENCY_MS)
    )
      return decodeFromCompressedBase64(packed, "packed") as LatencyHistogram;
  } catch {
    // Told below: zlib's and the library's own texts name nothing that helps.
  }
  throw new LoadError(
    LoadErrorCode.BAD_REPORT,
    "a histogram of the report cannot be read: take the report.json that tx-bot wrote, unchanged",
  );
}

/** What a histogram counted, by ascending latency; nothing twice. */
export function countsOf(histogram: LatencyHistogram): LatencyCount[] {
  const counts: LatencyCount[] = [];
  const values = histogram.recordedValuesIterator;
  values.resetIterator(histogram);
  values.reset();
  while (values.hasNext()) {
    const { valueIteratedTo, countAddedInThisIterationStep } = values.next();
    counts.push({ ms: histogram.medianEquivalentValue(valueIteratedTo), count: countAddedInThisIterationStep });
  }
  return counts;
}
