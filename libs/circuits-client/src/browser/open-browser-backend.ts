import { type CircuitName, circuitNames, type CrsKind } from "@sprtn/protocol";
import {
  ABI_WASM,
  ACVM_WASM,
  BARRETENBERG_THREADS_WASM,
  BARRETENBERG_WASM,
  circuitFile,
  G1_POINTS,
  G2_POINT,
  keyFile,
  KEYS,
} from "../browser-assets/asset-list.js";
import type { CrsPoints } from "../barretenberg/crs-points.js";
import { crsGenerator } from "../barretenberg/crs-points.js";
import { type CircuitKeys, circuitKeysFrom, type KeysFile } from "../keys/circuit-keys.js";
import type { BuiltCircuit } from "../noir/compiled-circuit.js";
import { InlineWitnessSolver } from "../noir/inline-witness-solver.js";
import { RealBackend } from "../real/real-backend.js";
import { WasmEngines } from "../real/wasm-engines.js";
import { browserClock } from "./browser-clock.js";
import { BrowserError, BrowserErrorCode } from "./browser-error.js";
import { ServedAssets } from "./served-assets.js";
import { startNoir } from "./start-noir.js";

/** Where a page fetches its assets, and how many threads it asks for. */
export interface BrowserBackendSettings {
  /** URL of the folder that `writeBrowserAssets` filled; relative to the page. */
  readonly assets: string | URL;
  /** Every core if absent, one where the page may not share memory. */
  readonly threads?: number | undefined;
  /** How long Barretenberg's workers may take to start; a minute if absent. */
  readonly startTimeoutMs?: number | undefined;
}

/** A page's proof backend, with what it turned out to have: CRS, threads, isolation. */
export interface BrowserBackend {
  readonly backend: RealBackend;
  readonly keys: CircuitKeys;
  /** Compare it with the network's: `node_getNodeInfo` says which CRS it is under. */
  readonly crs: CrsKind;
  readonly threads: number;
  /** Whether the page may share memory; without, a proof takes one thread. */
  readonly isolated: boolean;
}

/** What is read of a page's globals. */
const page = globalThis as {
  readonly crossOriginIsolated?: boolean;
  readonly location?: { readonly href: string };
  readonly navigator?: { readonly hardwareConcurrency?: number };
};

/**
 * What a wallet in a page proves with. Witnesses are solved on this thread (about 0.1 s), proofs made in workers, which
 * start with the first proof.
 * @throws BrowserError ASSET_MISSING, ASSET_DAMAGED, NOT_ISOLATED; KeysError MISSING
 */
export async function openBrowserBackend(settings: BrowserBackendSettings): Promise<BrowserBackend> {
  const { assets: folder, startTimeoutMs } = settings;
  const isolated = page.crossOriginIsolated === true;
  const threads = settings.threads ?? (isolated ? (page.navigator?.hardwareConcurrency ?? 1) : 1);
  if (threads > 1 && !isolated)
    throw new BrowserError(
      BrowserErrorCode.NOT_ISOLATED,
      `${threads} threads need shared memory, which this page is not allowed to use: serve it with the headers ` +
        "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, over HTTPS or from " +
        "localhost, or omit threads and prove more slowly on a single one",
    );
  const assets = await ServedAssets.open(asFolder(folder));
  const { crs, files } = assets.list;
  const own = BARRETENBERG_WASM in files;
  if (own) await assets.require(isolated ? BARRETENBERG_THREADS_WASM : BARRETENBERG_WASM);
  const [acvm, abi] = await Promise.all([assets.bytes(ACVM_WASM), assets.bytes(ABI_WASM)]);
  await startNoir({ acvm, abi });
  const keys = await circuitKeysFrom((await assets.json(KEYS)) as KeysFile, name => assets.bytes(keyFile(name)));
  const readCircuit = async (name: CircuitName) => (await assets.json(circuitFile(name))) as BuiltCircuit;
  const engines = new WasmEngines(
    { crs: points => readPoints(assets, points), clock: browserClock },
    { threads, startTimeoutMs, ...(own ? { wasmPath: assets.url(BARRETENBERG_WASM).href } : {}) },
  );
  const keyFieldsAt = (index: number) => keys[circuitNames[index] as CircuitName].fields;
  const solver = new InlineWitnessSolver({ readCircuit, keyFieldsAt });
  return { backend: new RealBackend({ engines, solver, keys, readCircuit }), keys, crs, threads, isolated };
}

async function readPoints(assets: ServedAssets, points: number): Promise<CrsPoints> {
  const g2 = await assets.bytes(G2_POINT);
  return { g1: points === 1 ? crsGenerator : await assets.bytes(G1_POINTS), g2 };
}

function asFolder(folder: string | URL): URL {
  const url = new URL(folder, page.location?.href);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
