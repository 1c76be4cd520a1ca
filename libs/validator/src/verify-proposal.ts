import { messageOf } from "@sprtn/primitives";
import type { BlockExecutor, BlockSource, StateForks, TxSource } from "@sprtn/ports";
import { type BlockHeader, type BlockProposal, type Deployment, hashHeader } from "@sprtn/protocol";
import { type BuiltBlock, nextEnvironment, type StateFork, messageIndices } from "@sprtn/state-transition";
import { executeHere } from "./execute-here.js";
import { ProposalFault, ProposalRejected } from "./validator-error.js";

/** Where the parent's state, the transactions and the messages come from. */
export interface VerifyProposalDependencies {
  readonly blocks: BlockSource;
  readonly forks: StateForks;
  readonly txs: TxSource;
  /** Executes here and now, unless given. */
  readonly executor?: BlockExecutor;
}

/** The block on which a proposal builds, with a state to execute on. */
export interface Parent {
  readonly header: BlockHeader;
  readonly fork: StateFork;
}

/** What is verified, on what, and until when. */
export interface Verification {
  readonly proposal: BlockProposal;
  readonly parent: Parent;
  readonly signal: AbortSignal;
}

/**
 * Executes a proposal and compares: every transaction must be includable, header and archive must come out
 * the same. The proposer and its signature have been checked.
 * @returns what came out; its fork has been kept for when L1 brings the block
 * @throws ProposalRejected
 */
export async function verifyProposal(
  dependencies: VerifyProposalDependencies,
  deployment: Deployment,
  { proposal, parent, signal }: Verification,
): Promise<BuiltBlock> {
  const { header } = proposal;
  const environment = nextEnvironment(deployment, parent.header, {
    slot: header.slot,
    coinbase: header.coinbase,
    feeRecipient: header.feeRecipient,
    maxTxs: proposal.txHashes.length,
  });
  if (header.slot <= parent.header.slot)
    throw new ProposalRejected(
      ProposalFault.WRONG_HEADER,
      `slot ${header.slot} is not after the parent's ${parent.header.slot}`,
    );
  const found = await dependencies.txs.fetch(proposal.txHashes, signal);
  const txs = proposal.txHashes.flatMap(hash => found.get(hash) ?? []);
  if (txs.length !== proposal.txHashes.length) {
    throw new ProposalRejected(
      ProposalFault.MISSING_TXS,
      `${proposal.txHashes.length - txs.length} of ${proposal.txHashes.length} transactions could not be fetched`,
    );
  }
  const messages = await dependencies.blocks.messages(environment.number);
  const indices = await messageIndices({ messageIndex: message => dependencies.blocks.messageIndex(message) }, txs);
  // PEND-9: the proposer may have known the parent from L1, and this node not yet.
  const parentRoot = parent.fork.reference().noteHashes.root;
  const { lookups } = dependencies.forks;
  const { built, fork } = await (dependencies.executor ?? executeHere).execute(
    {
      fork: parent.fork,
      lookups: {
        anchorBlock: root => lookups.anchorBlock(root) ?? (root === parentRoot ? parent.header.number : undefined),
        messageIndex: message => indices.get(message),
      },
    },
    { txs, messages },
    environment,
  );
  const [excluded] = built.excluded;
  if (excluded !== undefined)
    throw new ProposalRejected(
      ProposalFault.UNINCLUDABLE_TX,
      `a transaction cannot be included: ${excluded.reason.code} ${messageOf(excluded.reason)}`,
    );
  if (built.block.headerHash !== hashHeader(header))
    throw new ProposalRejected(
      ProposalFault.WRONG_HEADER,
      `the header differs in ${differences(built.block.header, header).join(", ")}`,
    );
  if (built.block.archive !== proposal.archive)
    throw new ProposalRejected(ProposalFault.WRONG_ARCHIVE, "the archive root differs");
  dependencies.forks.keep(built.block, fork);
  return built;
}

function differences(ours: BlockHeader, theirs: BlockHeader): string[] {
  const flat = (header: BlockHeader) => ({
    ...header,
    perL2Gas: header.baseFees.perL2Gas,
    perDaGas: header.baseFees.perDaGas,
    baseFees: null,
  });
  const [one, two] = [flat(ours), flat(theirs)];
  return (Object.keys(one) as (keyof typeof one)[]).filter(name => one[name] !== two[name]);
}
