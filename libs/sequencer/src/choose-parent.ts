import { chooseUnpublishedParent, parentReach } from "@sprtn/consensus";
import type { Slot } from "@sprtn/primitives";
import type {
  AttestationSource,
  BlockSource,
  ExecutedProposal,
  ProposalSource,
  RollupView,
  StateForks,
} from "@sprtn/ports";
import type { BlockHeader } from "@sprtn/protocol";
import type { StateFork } from "@sprtn/state-transition";

/** What is known of the pending tip, and of a block that was executed but is not on L1 yet. */
export interface ChooseParentDependencies {
  readonly blocks: BlockSource;
  readonly forks: StateForks;
  readonly rollup: RollupView;
  readonly proposals: ProposalSource;
  readonly attestations: AttestationSource;
}

/** The block to build on. `ahead` is it when L1 does not have it yet: it is then submitted first (PEND-9). */
export interface ChosenParent {
  readonly header: BlockHeader;
  readonly fork: StateFork;
  readonly unpublishedParent: ExecutedProposal | undefined;
}

/** What was executed of a slot and has its quorum. */
function attestedBlocks({ proposals, attestations }: ChooseParentDependencies, slot: Slot) {
  const attested = attestations.attestedHeader(slot);
  return proposals
    .executed(slot)
    .filter(({ built }) => built.block.headerHash === attested)
    .map(executed => ({ executed, header: executed.built.block.header }));
}

/**
 * The pending tip, or a block with a quorum that L1 can still include before ours; `undefined` while this node does not
 * know L1's tip.
 */
export async function chooseParent(
  dependencies: ChooseParentDependencies,
  slot: Slot,
  proposalLateness: number,
): Promise<ChosenParent | undefined> {
  const { blocks, forks, rollup } = dependencies;
  if (!blocks.synced()) return undefined;
  const tip = blocks.tips().pending;
  const { pending } = await rollup.tips();
  if (pending !== tip.number) return undefined;
  const block = await blocks.block(tip.number);
  if (block === undefined) return undefined;
  // The slot must not be too old when it is submitted together with ours.
  const unpublishedParent = chooseUnpublishedParent(
    earlier => attestedBlocks(dependencies, earlier),
    { slot, tip: { number: tip.number, archive: block.archive } },
    parentReach({ proposalLateness }, "proposer"),
  )?.executed;
  const fork = unpublishedParent === undefined ? undefined : forks.forkOn(unpublishedParent.built.block.archive);
  if (unpublishedParent !== undefined && fork !== undefined)
    return { header: unpublishedParent.built.block.header, fork, unpublishedParent };
  return { header: block.header, fork: forks.forkAt(tip.number), unpublishedParent: undefined };
}
