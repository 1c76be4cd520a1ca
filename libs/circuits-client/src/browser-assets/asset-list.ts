import type { CrsKind } from "@sprtn/protocol";

/** The list of the other files, which names what they are for. */
export const ASSET_LIST = "assets.json";

/** Content of `assets.json`, from which a page learns what else to fetch. */
export interface AssetList {
  readonly format: 1;
  /** The reference string of keys and points: that of the networks to pay in. */
  readonly crs: CrsKind;
  /** Bytes of every file, by its name. */
  readonly files: Readonly<Record<string, number>>;
}

/** What solves witnesses: Noir's WebAssembly. */
export const ACVM_WASM = "acvm_js_bg.wasm";
export const ABI_WASM = "noirc_abi_wasm_bg.wasm";
/** Barretenberg's WebAssembly without threads; `-threads` stands before the first dot of the other one's name. */
export const BARRETENBERG_WASM = "barretenberg.wasm.gz";
export const BARRETENBERG_THREADS_WASM = "barretenberg-threads.wasm.gz";
export const KEYS = "keys.json";
export const G1_POINTS = "bn254_g1.dat";
export const G2_POINT = "bn254_g2.dat";
export const keyFile = (circuit: string): string => `${circuit}.vk`;
export const circuitFile = (circuit: string): string => `${circuit}.json`;
