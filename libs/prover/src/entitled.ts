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
 * is bound to its sender, so every other address would be one more proof that nobody can use.
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
      ? `this prover proves epoch ${epoch} for itself only, since it has no coordinator: run a prover node of your own`
      : `this prover proves epoch ${epoch} for itself and its coordinator ${coordinator} only: run a prover ` +
          "node of your own",
    { epoch, prover },
  );
}
