// A separate thread for executing circuits: see worker-witness-solver.ts.
import { parentPort, workerData } from "node:worker_threads";
import { codeOf, messageOf } from "@sprtn/primitives";
import { CircuitError } from "@sprtn/state-transition/circuits";
import { readCompiledCircuit } from "./compiled-circuit.js";
import { InlineWitnessSolver } from "./inline-witness-solver.js";
import type { SolverAnswer, SolverRequest, SolverStart } from "./worker-witness-solver.js";

const { keyFields } = workerData as SolverStart;
const solver = new InlineWitnessSolver({
  readCircuit: readCompiledCircuit,
  keyFieldsAt: index => keyFields[index] ?? [],
});

async function solve({ id, circuit, inputs }: SolverRequest): Promise<void> {
  const answer = (rest: Omit<SolverAnswer, "id">) => parentPort?.postMessage({ id, ...rest });
  try {
    answer({ solved: await solver.solve(circuit, inputs) });
  } catch (error) {
    const constraint = error instanceof CircuitError ? error.payload.constraint : undefined;
    answer({
      failed: { code: codeOf(error), message: messageOf(error), ...(constraint === undefined ? {} : { constraint }) },
    });
  }
}

parentPort?.on("message", (request: SolverRequest) => void solve(request));
