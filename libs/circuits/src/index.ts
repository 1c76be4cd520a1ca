export { circuitGates } from "./gates.js";

/** Where a compiled circuit is: JSON with `abi` and `bytecode`, as Noir and Barretenberg take it. */
export function compiledCircuitUrl(circuit: string): URL {
  return new URL(`./noir/${circuit}.json`, import.meta.url);
}

/** Where the committed keys for a CRS are: `keys.json` and one `CIRCUIT.vk` a circuit. */
export function keysUrl(crs: string): URL {
  return new URL(`../keys/${crs}/`, import.meta.url);
}
