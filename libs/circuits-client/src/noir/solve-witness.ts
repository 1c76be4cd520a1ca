import { type Field, messageOf } from "@sprtn/primitives";
import { type CompiledCircuit, Noir } from "@noir-lang/noir_js";
import { CircuitError, CircuitErrorCode } from "@sprtn/state-transition/circuits";
import { NoirError, NoirErrorCode } from "./noir-error.js";
import type { NoirInputs } from "./noir-inputs.js";
import type { SolvedWitness } from "./witness-solver.js";

/**
 * Executes a circuit. Inner proofs are not checked by that.
 * @throws CircuitError CONSTRAINT, with the same `constraint` as the circuit's twin; NoirError FAILED for what is not a
 *   assertion of the circuit's, NOT_STARTED
 */
export async function solveWitness(circuit: CompiledCircuit, inputs: NoirInputs): Promise<SolvedWitness> {
  const noir = new Noir(circuit);
  await startOf(noir);
  try {
    const { witness, returnValue } = await noir.execute(inputs);
    return { witness, publicInputs: (returnValue as string[]).map(value => BigInt(value) as Field) };
  } catch (error) {
    const constraint = /^Circuit execution failed: (.*)$/s.exec(messageOf(error))?.[1];
    if (constraint !== undefined)
      throw new CircuitError(
        CircuitErrorCode.CONSTRAINT,
        `constraint failed: ${constraint}`,
        { constraint },
        { cause: error },
      );
    throw new NoirError(
      NoirErrorCode.FAILED,
      `the inputs do not satisfy the circuit: ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
}

/** In a page Noir fetches two WebAssembly files from beside its script, unless `startNoir` was given them. */
async function startOf(noir: Noir): Promise<void> {
  try {
    await noir.init();
  } catch (error) {
    throw new NoirError(
      NoirErrorCode.NOT_STARTED,
      `Noir's WebAssembly cannot be loaded: ${messageOf(error)}. Give acvm_js_bg.wasm and noirc_abi_wasm_bg.wasm ` +
        "to startNoir, or use openBrowserBackend (docs/browser.md)",
      {},
      { cause: error },
    );
  }
}
