import { type BlockNumber, counted, type Field } from "@sprtn/primitives";
import type { BlockSource, StateForks, TxSource } from "@sprtn/ports";
import { type BlockHeader, CallKind, type Deployment, type L2Block, type Tx } from "@sprtn/protocol";
import { type BlockWitness, witnessBlock } from "@sprtn/state-transition";
import type { KeyTree } from "@sprtn/state-transition/circuits";
import { ProverError, ProverErrorCode } from "./prover-error.js";

/** Where a block, its transactions, its state and the keys come from. */
export interface WitnessDependencies {
  readonly blocks: BlockSource;
  readonly forks: StateForks;
  readonly txs: TxSource;
  readonly keys: KeyTree;
}

interface Opened {
  readonly headerHash: Field;
  readonly header: BlockHeader;
}

/**
 * Gathers what a pending block's circuits need and makes their inputs.
 * @throws ProverError MISSING_TXS, STATE_NOT_KEPT: try again later
 */
export async function gatherWitness(
  dependencies: WitnessDependencies,
  { deployment, block }: { readonly deployment: Deployment; readonly block: L2Block },
  signal: AbortSignal,
): Promise<BlockWitness> {
  const { blocks, forks, keys } = dependencies;
  const number = block.header.number;
  const txs = await txsOf(dependencies.txs, block, signal);
  const messages = await blocks.messages(number);
  const deposits = txs.filter(tx => tx.inputs.call.kind === CallKind.DEPOSIT).map(tx => tx.inputs.call.message);
  const indices = new Map(
    await Promise.all(deposits.map(async message => [message, await blocks.messageIndex(message)] as const)),
  );
  const anchors = new Map(
    txs.map(({ inputs }) => [inputs.anchorNoteHashRoot, forks.lookups.anchorBlock(inputs.anchorNoteHashRoot)] as const),
  );
  const opened = new Map<number, Opened>();
  for (const needed of new Set([number - 1, ...[...anchors.values()].filter(anchor => anchor !== undefined)])) {
    const found = await blocks.block(needed as BlockNumber);
    if (found !== undefined) opened.set(needed, found);
  }
  const known = <T>(value: T | undefined, what: string): T => {
    if (value === undefined)
      throw new ProverError(
        ProverErrorCode.STATE_NOT_KEPT,
        `${what} is missing, which block ${number} needs: a prover must apply blocks one by one; sync again ` +
          "without bulk application",
        { block: number },
      );
    return value;
  };
  const fork = forks.forkAt((number - 1) as BlockNumber);
  const witness = witnessBlock(fork, {
    chain: {
      chainId: deployment.chainId,
      rollupVersion: deployment.rollupVersion,
      feePortal: deployment.contracts.feePortal,
    },
    keyTreeRoot: keys.root(),
    transferKey: keys.witness("transfer"),
    block,
    txs,
    messages,
    opening: at => {
      const { header, headerHash } = known(opened.get(at), `block ${at}`);
      return {
        headerHash,
        number: at,
        slot: header.slot,
        state: known(forks.referenceAt(at as BlockNumber), `the state reference of block ${at}`),
      };
    },
    anchorBlock: root => known(anchors.get(root), "an anchor"),
    messageIndex: message => known(indices.get(message), "a message"),
  });
  if (fork.stateHash() !== block.header.stateHash || fork.archiveRoot() !== block.archive) {
    throw new ProverError(
      ProverErrorCode.DISAGREES,
      `the witness of block ${number} leads to a different state: this is a bug; keep the data directory and report it`,
      { block: number },
    );
  }
  return witness;
}

async function txsOf(source: TxSource, block: L2Block, signal: AbortSignal): Promise<Tx[]> {
  const hashes = block.effects.map(effect => effect.txHash);
  const found = await source.fetch(hashes, signal);
  const txs = hashes.flatMap(hash => found.get(hash) ?? []);
  if (txs.length < hashes.length) {
    throw new ProverError(
      ProverErrorCode.MISSING_TXS,
      `${counted(hashes.length - txs.length, "transaction")} of block ${block.header.number} could not be fetched ` +
        "from any peer: connect to peers that have them",
      { block: block.header.number },
    );
  }
  return txs;
}
