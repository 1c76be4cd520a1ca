import { circuitNames } from "@sprtn/protocol";
import { type CircuitKeys, proofTargetOf } from "../keys/circuit-keys.js";
import { readCircuitKeys } from "../keys/read-circuit-keys.js";
import { readVerificationKey } from "../barretenberg/verification-key.js";
import { readCompiledCircuit } from "../noir/compiled-circuit.js";
import { WorkerWitnessSolver } from "../noir/worker-witness-solver.js";
import { NativeEngines, type NativeEnginesDependencies, type NativeEnginesSettings } from "./native-engines.js";
import { RealBackend } from "./real-backend.js";

/** The backend, and what it was put together from. */
export interface RealBackendParts {
  readonly backend: RealBackend;
  readonly keys: CircuitKeys;
  readonly engines: NativeEngines;
}

/**
 * The backend of nodes, agents and wallets outside browsers: native bb, witnesses in their own thread. Nothing is
 * started or prepared before it is needed.
 * @throws KeysError MISSING
 */
export async function createRealBackend(
  dependencies: NativeEnginesDependencies,
  settings: NativeEnginesSettings,
): Promise<RealBackendParts> {
  const keys = await readCircuitKeys(settings.crs);
  const engines = new NativeEngines(dependencies, settings);
  const solver = new WorkerWitnessSolver({ keyFields: circuitNames.map(name => keys[name].fields) });
  return { backend: new RealBackend({ engines, solver, keys, readCircuit: readCompiledCircuit }), keys, engines };
}

/** Points of the CRS that the largest circuit needs: what a prover prepares before its first job. */
export function pointsOfLargest(keys: CircuitKeys): number {
  return Math.max(
    ...circuitNames.map(
      name => 2 ** (readVerificationKey(keys[name].verificationKey, proofTargetOf(name))?.logSize ?? 0),
    ),
  );
}
