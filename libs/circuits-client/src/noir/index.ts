export { type BuiltCircuit, readCompiledCircuit } from "./compiled-circuit.js";
export { InlineWitnessSolver, type InlineWitnessSolverDependencies } from "./inline-witness-solver.js";
export { NoirError, NoirErrorCode } from "./noir-error.js";
export { type KeyFieldsAt, noirInputs, type NoirInputs } from "./noir-inputs.js";
export { solveWitness } from "./solve-witness.js";
export type { SolvedWitness, WitnessSolver } from "./witness-solver.js";
export { type SolverStart, WorkerWitnessSolver } from "./worker-witness-solver.js";
