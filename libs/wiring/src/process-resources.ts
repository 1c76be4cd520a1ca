import type { Clock, EpochProofSource, Logger, Meter, Random } from "@sprtn/ports";
import type { FieldHasher } from "@sprtn/primitives";
import type { ProofSystem } from "./proof-system.js";

/** What a process has only once, no matter how many nodes it runs. */
export interface ProcessResources {
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: FieldHasher;
  readonly logger: Logger;
}

/** What a node is given by its process. */
export interface NodeEnvironment extends ProcessResources {
  readonly meter: Meter;
  /** Shared by the nodes of a process, which then closes them; else the node opens and closes its own. */
  readonly proofs?: ProofSystem | undefined;
  /** Where the node's coordinator gets proofs from, if not from its own prover. */
  readonly remoteProver?: EpochProofSource | undefined;
}
