export { barretenbergBinary, type BarretenbergRequest } from "./barretenberg-binary.js";
export { barretenbergWasm, type WasmRequest } from "./barretenberg-wasm.js";
