import { type Field, Slot } from "@sprtn/primitives";
import type { AttestationSource, BlockSource, ProposalSource, TxReceipt, TxSource } from "@sprtn/ports";

/** Where a transaction may be: on L1, in the pool, in a proposal, dropped. */
export interface ReceiptDependencies {
  readonly blocks: BlockSource;
  readonly txs: TxSource;
  readonly proposals: ProposalSource;
  readonly attestations: AttestationSource;
  /** Why the pool dropped a transaction, while it remembers; undefined for one that it has admitted again. */
  readonly droppedCode: (hash: Field) => string | undefined;
}

/** A transaction's stage, from the furthest back: what is on L1 counts before what was gossiped. */
export async function txReceipt(dependencies: ReceiptDependencies, hash: Field, currentSlot: Slot): Promise<TxReceipt> {
  const { blocks, txs, droppedCode } = dependencies;
  const mined = await blocks.minedTx(hash);
  if (mined !== undefined) {
    const { finalized, proven } = blocks.tips();
    const { number, hash: blockHash } = mined.block;
    const stage = number <= finalized.number ? "finalized" : number <= proven.number ? "proven" : "pending";
    return {
      txHash: hash,
      stage,
      block: { number, hash: blockHash, index: mined.index },
      fee: mined.effect.fee,
      reverted: mined.effect.reverted,
    };
  }
  const isHere = (await txs.get(hash)) !== undefined;
  const stage = isHere ? gossipStage(dependencies, hash, currentSlot) : "unknown";
  // A pool keeps what it dropped for a while, since a proposal may still hold it: only then it is more than dropped.
  const code = stage === "proposed" || stage === "attested" ? undefined : droppedCode(hash);
  return code === undefined ? { txHash: hash, stage } : { txHash: hash, stage: "dropped", code };
}

function gossipStage(
  { proposals, attestations }: ReceiptDependencies,
  hash: Field,
  currentSlot: Slot,
): "submitted" | "proposed" | "attested" {
  for (const slot of [currentSlot, Slot(Math.max(0, currentSlot - 1))]) {
    const holding = proposals.executed(slot).filter(({ proposal }) => proposal.txHashes.includes(hash));
    if (holding.length === 0) continue;
    const attested = attestations.attestedHeader(slot);
    return holding.some(({ built }) => built.block.headerHash === attested) ? "attested" : "proposed";
  }
  return "submitted";
}
