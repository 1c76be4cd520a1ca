import type { ProofEngine } from "../barretenberg/proof-engine.js";
import {
  WasmProofEngine,
  type WasmProofEngineDependencies,
  type WasmProofEngineSettings,
} from "../barretenberg/wasm/wasm-proof-engine.js";
import type { ProofEngines } from "./real-backend.js";

/**
 * Barretenberg in WebAssembly, as wallets use it where no native bb runs: one engine, which takes as many points as it
 * needs.
 */
export class WasmEngines implements ProofEngines {
  readonly #engine: WasmProofEngine;

  constructor(dependencies: WasmProofEngineDependencies, settings: WasmProofEngineSettings) {
    this.#engine = new WasmProofEngine(dependencies, settings);
  }

  async forProving(): Promise<ProofEngine> {
    return this.#engine;
  }

  async forVerifying(): Promise<ProofEngine> {
    return this.#engine;
  }

  async close(): Promise<void> {
    await this.#engine.close();
  }
}
