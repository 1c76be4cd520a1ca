import { BackendType, BarretenbergSync } from "@aztec/bb.js";
import { BarretenbergHasher } from "./barretenberg-hasher.js";

/** Barretenberg compiled to WebAssembly, in this process and on this thread: about 33,000 tree nodes a second. */
export class WasmFieldHasher extends BarretenbergHasher {
  static async create(): Promise<WasmFieldHasher> {
    const api = await BarretenbergSync.new({ backend: BackendType.Wasm, skipSrsInit: true });
    return new WasmFieldHasher(api["backend"]);
  }
}
