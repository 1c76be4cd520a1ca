import { CodedError, codeOf, type EthAddress, type Field, Slot } from "@sprtn/primitives";
import { slotEnd } from "@sprtn/consensus";
import type {
  ActivityJournal,
  AttestationSource,
  BlockSigner,
  BlockSource,
  Clock,
  ExecutedProposal,
  Gossip,
  L1Publisher,
  L1Receipt,
  L1Time,
  Logger,
  ProposalSource,
  StateForks,
  TxSource,
} from "@sprtn/ports";
import {
  type BlockProposal,
  type Deployment,
  encodeEffects,
  encodeHeader,
  encodeProposal,
  type L2Block,
  packSignatures,
  payloadOf,
  proposalPayloadOf,
} from "@sprtn/protocol";
import { sleep, startDeadline } from "@sprtn/runtime";
import { buildBlock, type BuiltBlock, nextEnvironment, messageIndices } from "@sprtn/state-transition";
import { chooseFeeRecipient } from "./choose-fee-recipient.js";
import type { ChosenParent } from "./choose-parent.js";
import { collectAttestations, packQuorum } from "./collect-attestations.js";
import { SequencerError, SequencerErrorCode } from "./sequencer-error.js";

/** What a block is built from, what signs it, and where it is sent. */
export interface ProposeDependencies {
  readonly blocks: BlockSource;
  readonly forks: StateForks;
  readonly txs: TxSource;
  readonly gossip: Gossip;
  readonly attestations: AttestationSource;
  readonly proposals: ProposalSource;
  readonly publisher: L1Publisher;
  readonly signer: BlockSigner;
  readonly clock: Clock;
  readonly l1Time: L1Time;
  readonly journal: ActivityJournal;
  readonly logger: Logger;
}

/** Who is paid for the block, how large it may be, and how the proposer waits. */
export interface ProposeSettings {
  readonly deployment: Deployment;
  readonly coinbase: EthAddress;
  readonly feeRecipient: Field;
  readonly maxTxs: number;
  readonly pollMs: number;
  /** byz.3: gossips a block whose state is wrong. */
  readonly invalidProposals: boolean;
}

/** The moments by which steps must be over, ms on the clock. */
export interface StepDeadlines {
  readonly buildMs: number;
  readonly collectMs: number;
}

/** A proposer's slot: its committee, the parent block, and the deadline of each step. */
export interface Turn {
  readonly slot: Slot;
  readonly committee: readonly EthAddress[];
  readonly parent: ChosenParent;
  readonly deadlines: StepDeadlines;
  readonly signal: AbortSignal;
}

/** The publisher's code for a block that L1's next one cannot hold yet. */
const L1_TOO_EARLY = "L1_TOO_EARLY";

/**
 * Executes the pool's transactions on the parent, best first, until the block is full or the deadline has come: what
 * cannot be included is looked past, and told to the pool.
 */
export async function build(
  dependencies: Pick<ProposeDependencies, "blocks" | "forks" | "txs" | "clock" | "logger">,
  settings: Pick<ProposeSettings, "deployment" | "coinbase" | "feeRecipient" | "maxTxs">,
  { slot, parent, deadlines }: Pick<Turn, "slot" | "parent" | "deadlines">,
): Promise<BuiltBlock> {
  const { blocks, forks, txs, clock, logger } = dependencies;
  const { deployment, coinbase, maxTxs } = settings;
  const { feeRecipient, isWanted } = chooseFeeRecipient(parent.fork, {
    wanted: settings.feeRecipient,
    coinbase,
    slot,
    gasTarget: deployment.parameters.gasTarget,
  });
  if (!isWanted)
    logger.warn("the fee recipient's balance is at its limit: this block's tips are lost; set another FEE_RECIPIENT", {
      slot,
    });
  const environment = nextEnvironment(deployment, parent.header, { slot, coinbase, feeRecipient, maxTxs });
  const candidates = txs.pending(Number.MAX_SAFE_INTEGER);
  const messages = await blocks.messages(environment.number);
  // What cannot be looked up in half of the time waits for the next block.
  const halfMs = (clock.nowMs() + deadlines.buildMs) / 2;
  const indices = await messageIndices(
    { messageIndex: message => blocks.messageIndex(message), stop: () => clock.nowMs() > halfMs },
    candidates,
  );
  const lookups = { ...forks.lookups, messageIndex: (message: Field) => indices.get(message) };
  const stop = () => clock.nowMs() > deadlines.buildMs;
  const built = buildBlock({ fork: parent.fork, lookups, stop }, { txs: candidates, messages }, environment);
  forks.keep(built.block, parent.fork);
  txs.reportLeftOut(built.excluded);
  return built;
}

/** Signs and gossips the block, attests it, and waits for the others; returns the packed signatures. */
export async function gatherQuorum(
  dependencies: ProposeDependencies,
  settings: ProposeSettings,
  { built, committee, deadlines, signal }: Omit<Turn, "slot" | "parent"> & { readonly built: BuiltBlock },
): Promise<Uint8Array> {
  const { signer, gossip, proposals, journal } = dependencies;
  // COM-4: without a committee there are no signatures.
  if (committee.length === 0) return packSignatures([]);
  const block = settings.invalidProposals ? corrupt(built.block) : built.block;
  const { slot } = block.header;
  const payload = payloadOf(block);
  const content = { header: block.header, archive: block.archive, txHashes: built.txs.map(tx => tx.hash) };
  const proposal: BlockProposal = {
    ...content,
    signature: await signer.signProposal(slot, proposalPayloadOf(content)),
  };
  if (!settings.invalidProposals) proposals.keep({ proposal, built });
  await gossip.publish("block_proposal", encodeProposal(proposal));
  journal.record({ type: "proposal", slot, block: block.header.number, txs: built.txs.length });
  await signer.attest(slot, payload);
  return collectAttestations(
    dependencies,
    { slot, payload, committee, proposer: signer.address, deadlineMs: deadlines.collectMs, pollMs: settings.pollMs },
    signal,
  );
}

/** A block with its quorum, and what it builds on if L1 does not have that yet. */
export interface Publication {
  readonly own: { readonly built: BuiltBlock; readonly signatures: Uint8Array };
  readonly unpublishedParent:
    | { readonly executed: ExecutedProposal; readonly committee: readonly EthAddress[]; readonly proposer: EthAddress }
    | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends the block to L1, with the one it builds on if L1 does not have that yet (PEND-9). Gives up when the slot ends:
 * L1 would refuse it (PEND-2).
 */
export async function publish(
  dependencies: ProposeDependencies,
  settings: ProposeSettings,
  { own, unpublishedParent, signal }: Publication,
): Promise<L1Receipt> {
  const { publisher, attestations, clock, l1Time } = dependencies;
  const { parameters } = settings.deployment;
  const submissions = [submission(own.built.block, own.signatures)];
  let oldestSlot = own.built.block.header.slot;
  if (
    unpublishedParent !== undefined &&
    !(await isIncluded(dependencies.blocks, unpublishedParent.executed.built.block))
  ) {
    const { block } = unpublishedParent.executed.built;
    const signatures = packQuorum(attestations, {
      slot: block.header.slot,
      payload: payloadOf(block),
      committee: unpublishedParent.committee,
      proposer: unpublishedParent.proposer,
    });
    if (signatures === undefined)
      throw new SequencerError(
        SequencerErrorCode.PARENT_GONE,
        "this block's parent, which is not on L1 yet, has lost its quorum: the next slot builds without it",
      );
    submissions.unshift(submission(block, signatures));
    oldestSlot = block.header.slot;
  }
  const lastMs = 1000 * slotEnd(parameters, Slot(oldestSlot + parameters.proposalLateness));
  const tooLate = (options?: ErrorOptions) =>
    new SequencerError(
      SequencerErrorCode.TOO_LATE,
      "L1 did not include the block in time: if this repeats, see that L1 works, or let transactions offer it a " +
        "higher fee (L1_MAX_FEE_PER_GAS)",
      {},
      options,
    );
  if (clock.nowMs() >= lastMs) throw tooLate();
  const deadline = startDeadline({ clock, delayMs: lastMs - clock.nowMs(), signal });
  const inTime = deadline.signal;
  try {
    // PEND-2 by L1's clock, which may be behind ours: the block is sent when L1's next one can hold it, not before.
    const { timestamp } = own.built.block.header;
    while ((l1Time.nextBlock() ?? timestamp) < timestamp) await sleep(clock, settings.pollMs, inTime);
    for (;;) {
      try {
        return await publisher.propose(submissions, inTime);
      } catch (error) {
        if (inTime.aborted || !isBeforeSlot(error)) throw error;
        await sleep(clock, settings.pollMs, inTime);
      }
    }
  } catch (cause) {
    throw deadline.passed ? tooLate({ cause }) : cause;
  } finally {
    deadline.clear();
  }
}

/** The slot has not begun on L1 yet, and will: an endpoint knows a newer or older head than this node. */
function isBeforeSlot(error: unknown): boolean {
  if (codeOf(error) === L1_TOO_EARLY) return true;
  return error instanceof CodedError && "reason" in error.payload && error.payload.reason === "Pend2_SlotInFuture";
}

/**
 * L1 may have included the block that ours builds on while ours was made: sending it again would make L1 refuse both.
 */
async function isIncluded(blocks: BlockSource, block: L2Block): Promise<boolean> {
  const known = await blocks.block(block.header.number);
  if (known !== undefined && known.archive !== block.archive)
    throw new SequencerError(
      SequencerErrorCode.PARENT_GONE,
      "L1 has a different block in place of this block's parent: the next slot builds on that one",
    );
  return known !== undefined;
}

function submission(block: L2Block, signatures: Uint8Array) {
  return {
    header: encodeHeader(block.header),
    archive: block.archive,
    effects: encodeEffects(block.effects),
    signatures,
  };
}

function corrupt(block: L2Block): L2Block {
  return { ...block, header: { ...block.header, stateHash: ((block.header.stateHash + 1n) % 2n ** 250n) as Field } };
}
