import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryLogger } from "@sprtn/testing";
import { ensureCrs } from "@sprtn/crs";
import { barretenbergBinary, barretenbergWasm } from "@sprtn/crs/barretenberg";
import { systemClock } from "@sprtn/observability/system";
import { type CrsPoints, NativeCircuitTools } from "../barretenberg/index.js";
import { deriveTinyKeys, type TinyKeys } from "./tiny-circuit.js";

export interface BarretenbergSetup {
  readonly bbPath: string;
  readonly wasmPath: string;
  readonly crsPath: string;
}

/** Kept from one run to the next: what is in it is checked whenever it is used. */
const cacheFolder = join(tmpdir(), "sprtn-test-crs");
const POINTS = 2 ** 10;

let setup: Promise<BarretenbergSetup> | undefined;
let keys: Promise<TinyKeys> | undefined;

/**
 * A Barretenberg that verifies under the dev CRS, and enough of that CRS for the tiny circuit; made once for all tests.
 */
export function barretenbergSetup(): Promise<BarretenbergSetup> {
  return (setup ??= prepare());
}

/** The tiny circuit's, derived once for all tests. */
export function tinyKeys(): Promise<TinyKeys> {
  return (keys ??= deriveKeys());
}

export async function readCrsPoints(crsPath: string, points: number): Promise<CrsPoints> {
  const [g1, g2] = (await Promise.all(["bn254_g1.dat", "bn254_g2.dat"].map(name => readFile(join(crsPath, name))))) as [
    Buffer,
    Buffer,
  ];
  return { g1: new Uint8Array(g1.subarray(0, 64 * points)), g2: new Uint8Array(g2) };
}

async function prepare(): Promise<BarretenbergSetup> {
  const request = { crsKind: "dev", cacheFolder } as const;
  const crs = ensureCrs(
    { logger: new MemoryLogger(), clock: systemClock },
    { kind: "dev", points: POINTS, cacheFolder },
  );
  const [{ bbPath }, { wasmPath }, { folder }] = await Promise.all([
    barretenbergBinary(request),
    barretenbergWasm(request),
    crs,
  ]);
  return { bbPath, wasmPath, crsPath: folder };
}

async function deriveKeys(): Promise<TinyKeys> {
  const tools = new NativeCircuitTools({ logger: new MemoryLogger() }, await barretenbergSetup());
  try {
    return await deriveTinyKeys(tools);
  } finally {
    await tools.close();
  }
}
