import { BarretenbergError, BarretenbergErrorCode } from "./barretenberg-error.js";

/**
 * The ACIR program inside an artefact's `bytecode` (base64 of gzip). Do it once a circuit: it takes a while for a large
 * one.
 * @throws BAD_BYTECODE
 */
export async function bytecodeOf(artefactBytecode: string): Promise<Uint8Array> {
  try {
    return await gunzip(Uint8Array.from(atob(artefactBytecode), char => char.charCodeAt(0)));
  } catch (error) {
    throw new BarretenbergError(
      BarretenbergErrorCode.BAD_BYTECODE,
      "the circuit's bytecode is not a gzipped program in base64: give the `bytecode` of a compiled Noir artefact",
      {},
      { cause: error },
    );
  }
}

/** @throws BAD_WITNESS */
export async function gunzipWitness(witness: Uint8Array): Promise<Uint8Array> {
  try {
    return await gunzip(witness);
  } catch (error) {
    throw new BarretenbergError(
      BarretenbergErrorCode.BAD_WITNESS,
      "the witness is not gzipped: give it as noir_js's `execute` returns it",
      {},
      { cause: error },
    );
  }
}

/** In browsers as in Node, and off this thread. */
async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
