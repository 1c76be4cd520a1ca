export { type AgentDependencies, type AgentSettings, ProverAgent } from "./agent/agent.js";
export { Broker, type BrokerDependencies, type BrokerSettings } from "./broker/broker.js";
export { jobId } from "./job-id.js";
export { EpochProver } from "./orchestrator/epoch-prover.js";
export { ProofTree, type ProofTreeDependencies } from "./orchestrator/proof-tree.js";
export { ProofSubmitter, type ProofSubmitterDependencies, type ProofSubmitterSettings } from "./proof-submitter.js";
export { ProverError, ProverErrorCode } from "./prover-error.js";
export { ProverNode, type ProverNodeDependencies, type ProverNodeSettings } from "./prover-node.js";
export { gatherWitness, type WitnessDependencies } from "./witness-source.js";
