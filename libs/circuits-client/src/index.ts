export { SimulatedBackend, type SimulatedBackendDependencies } from "./simulated/simulated-backend.js";
export { isSimulatedProof, simulatedProof } from "./simulated/simulated-proof.js";
