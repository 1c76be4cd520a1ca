import type { Clock, Logger } from "@sprtn/ports";
import type { CrsKind } from "@sprtn/protocol";
import { type CrsProgress, ensureCrs } from "@sprtn/crs";
import { barretenbergBinary } from "@sprtn/crs/barretenberg";
import { throwIfAborted } from "@sprtn/runtime";
import { NativeProofEngine } from "../barretenberg/native/native-proof-engine.js";
import type { ProofEngine } from "../barretenberg/proof-engine.js";
import type { ProofEngines } from "./real-backend.js";

/** Which CRS proofs are made with, and where its points are. */
export interface NativeEnginesSettings {
  readonly crs: CrsKind;
  /** CRS_PATH; else the cache, where one is prepared when it is first needed. */
  readonly crsPath: string | undefined;
  /** See `crsCacheFolder`. */
  readonly cacheFolder: string;
  /** Of each proof; every core if absent. */
  readonly threads?: number | undefined;
}

/** Where the engines' trouble and the preparation of a CRS are reported. */
export interface NativeEnginesDependencies {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Hears how far the preparation of a CRS has come. */
  readonly onCrsProgress?: (progress: CrsProgress) => void;
}

/**
 * The native bb, under one reference string. Verifying works at once; proving waits for as many points as it needs,
 * which may have to be made or downloaded first.
 */
export class NativeEngines implements ProofEngines {
  readonly #engines = new Set<ProofEngine>();
  readonly #closing = new AbortController();
  #verifying: Promise<ProofEngine> | undefined;
  /** Each with the points that it has. */
  readonly #proving: { readonly points: number; readonly engine: Promise<ProofEngine> }[] = [];

  readonly #dependencies: NativeEnginesDependencies;

  constructor(
    dependencies: NativeEnginesDependencies,
    private readonly settings: NativeEnginesSettings,
  ) {
    this.#dependencies = dependencies;
  }

  forVerifying(): Promise<ProofEngine> {
    this.#verifying ??= this.#forget(this.#create(""), () => (this.#verifying = undefined));
    return this.#verifying;
  }

  forProving(points: number): Promise<ProofEngine> {
    const known = this.#proving.find(each => each.points >= points);
    if (known !== undefined) return known.engine;
    const engine = this.#forget(this.#withCrs(points), () => this.#proving.splice(this.#proving.indexOf(entry), 1));
    const entry = { points, engine };
    this.#proving.push(entry);
    return engine;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#engines].map(engine => engine.close()));
  }

  async #withCrs(points: number): Promise<ProofEngine> {
    const { crs, crsPath, cacheFolder } = this.settings;
    const { onCrsProgress } = this.#dependencies;
    // bb takes one more than the circuit's size.
    const { folder } = await ensureCrs(this.#dependencies, {
      kind: crs,
      points: points + 1,
      crsPath,
      cacheFolder,
      signal: this.#closing.signal,
      onProgress: onCrsProgress,
    });
    return this.#create(folder);
  }

  async #create(crsPath: string): Promise<ProofEngine> {
    const { crs, cacheFolder, threads } = this.settings;
    const { bbPath } = await barretenbergBinary({ crsKind: crs, cacheFolder });
    throwIfAborted("starting bb", this.#closing.signal);
    const engine = new NativeProofEngine(
      { logger: this.#dependencies.logger },
      { bbPath, crsPath, ...(threads === undefined ? {} : { threads }) },
    );
    this.#engines.add(engine);
    return engine;
  }

  /** What failed is tried again the next time. */
  #forget(engine: Promise<ProofEngine>, forget: () => void): Promise<ProofEngine> {
    engine.catch(forget);
    return engine;
  }
}
