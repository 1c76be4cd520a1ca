import { SimulatedBackend } from "@sprtn/circuits-client";
import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import type { Meter } from "@sprtn/ports";
import { ProverAgent } from "@sprtn/prover";
import type { ProverAgentOptions } from "@sprtn/prover/settings";
import { brokerMethods, createRpcClient } from "@sprtn/rpc";
import { circuitNames } from "@sprtn/protocol";
import type { ProcessResources } from "./resources.js";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** An agent for a broker on another machine. */
export function createRemoteAgent(process: ProcessResources, meter: Meter, options: { readonly agent: ProverAgentOptions; readonly circuits: CircuitsOptions }): ProverAgent {
  const { agent, circuits } = options;
  if (agent.brokerHost === undefined) throw new WiringError(WiringErrorCode.KEY_MISSING, "which broker? Give PROVER_BROKER_HOST, the RPC URL of the prover node");
  if (circuits.realProofs) throw new WiringError(WiringErrorCode.REAL_PROOFS_UNAVAILABLE, "this version makes simulated proofs only: set PROVER_REAL_PROOFS=false");
  return new ProverAgent(
    {
      jobs: createRpcClient(brokerMethods, agent.brokerHost),
      backend: new SimulatedBackend({ hasher: process.hasher, clock: process.clock }, { baseDelayMs: circuits.simulatedDelayMs }),
      clock: process.clock,
      logger: process.logger,
      meter,
    },
    { name: agent.name, concurrency: agent.concurrency, pollMs: agent.pollMs, circuits: circuitNames },
  );
}
