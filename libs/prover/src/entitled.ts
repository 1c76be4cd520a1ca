import type { Epoch, EthAddress } from "@sprtn/primitives";
import { type EpochCommittees, lastSlot } from "@sprtn/consensus";
import type { RollupParameters } from "@sprtn/protocol";
import { ProverError, ProverErrorCode } from "./prover-error.js";

export interface EntitledSettings {
  readonly parameters: RollupParameters;
  /** Whose key sends this prover node's own proofs; undefined if none does. */
  readonly ownAddress: EthAddress | undefined;
}

/**
 * LIMIT-25: for whom a prover node proves an epoch: for itself, and for the epoch's coordinator (PROV-5). A root proof
 * is bound to its sender, so for any other address it would be a proof that nobody can use.
 * @throws ProverError NOT_ENTITLED
 */
export async function assertEntitled(
  committees: Pick<EpochCommittees, "proposerAt">,
  { parameters, ownAddress }: EntitledSettings,
  { epoch, prover }: { readonly epoch: Epoch; readonly prover: EthAddress },
): Promise<void> {
  if (prover === ownAddress) return;
  const coordinator =
    parameters.provingRight === "coordinator" ? await committees.proposerAt(lastSlot(parameters, epoch)) : undefined;
  if (prover === coordinator) return;
  throw new ProverError(
    ProverErrorCode.NOT_ENTITLED,
    coordinator === undefined
      ? `this prover node proves epoch ${epoch} only for itself, since the epoch has no coordinator: run your own ` +
          "prover node"
      : `this prover node proves epoch ${epoch} only for itself and for the coordinator ${coordinator}: run your ` +
          "own prover node",
    { epoch, prover },
  );
}
