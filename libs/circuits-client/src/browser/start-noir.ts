import initAbi from "@noir-lang/noirc_abi";
import initAcvm from "@noir-lang/acvm_js";

/** A Noir package's start: there in its build for the web only. */
type Start = (input: { readonly module_or_path: Uint8Array<ArrayBuffer> }) => Promise<unknown>;

/**
 * Starts Noir's two WebAssembly modules from these bytes. Without it they are looked for next to the script that
 * contains them, where no bundler puts them.
 */
export async function startNoir(wasm: {
  readonly acvm: Uint8Array<ArrayBuffer>;
  readonly abi: Uint8Array<ArrayBuffer>;
}): Promise<void> {
  await Promise.all([start(initAcvm, wasm.acvm), start(initAbi, wasm.abi)]);
}

async function start(init: unknown, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (typeof init === "function") await (init as Start)({ module_or_path: bytes });
}
