// A thread that computes pieces of the dev CRS, one for each message.
import { parentPort, workerData } from "node:worker_threads";
import { devTau } from "../dev-points.js";
import type { PointRange } from "../piece-store.js";
import { POINT_BYTES } from "../point-format.js";
import { PowersOfTau } from "../curve/powers-of-tau.js";

/** Points between two messages about progress: 0.2 s. */
const STEP_POINTS = 2 ** 14;

export interface PointWorkerData {
  readonly windowBits: number;
}

export type PointWorkerMessage =
  | { readonly type: "progress"; readonly points: number }
  | { readonly type: "piece"; readonly points: Uint8Array<ArrayBuffer> };

const powers = new PowersOfTau({ tau: devTau(), ...(workerData as PointWorkerData) });

parentPort?.on("message", ({ first, count }: PointRange) => {
  const points = new Uint8Array(count * POINT_BYTES);
  for (let done = 0; done < count; done += STEP_POINTS) {
    const step = Math.min(STEP_POINTS, count - done);
    points.set(powers.points(first + done, step), done * POINT_BYTES);
    parentPort?.postMessage({ type: "progress", points: step } satisfies PointWorkerMessage, []);
  }
  parentPort?.postMessage({ type: "piece", points } satisfies PointWorkerMessage, [points.buffer]);
});
