import type { Field } from "@sprtn/primitives";
import { type BlockHeader, hashEffects, hashHeader, inHashOf, type L2Block, outHashOf, type Tx } from "@sprtn/protocol";
import { appendMessages, applyEffects } from "./apply-effects.js";
import type { BlockEnvironment, ExecutionLookups } from "./block-environment.js";
import { Draft } from "./draft.js";
import { Exclusion, ExclusionCode } from "./exclusion.js";
import { executeTx, type TxExecution } from "./execute-tx.js";
import type { RollupState } from "./rollup-state.js";

export interface BlockContent {
  /** In the order in which they are tried. */
  readonly txs: Iterable<Tx>;
  readonly messages: readonly Field[];
}

export interface BuiltBlock {
  readonly block: L2Block;
  /** The transactions included, in order. */
  readonly txs: readonly Tx[];
  readonly executions: readonly TxExecution[];
  readonly excluded: readonly { readonly tx: Tx; readonly reason: Exclusion }[];
}

/**
 * Executes transactions on `fork` and completes the block: header, archive, effects. `stop` is asked before each
 * transaction: a proposer's deadline.
 * A proposer leaves out what cannot be included; a validator compares the outcome with a proposal.
 */
export function buildBlock(
  fork: RollupState,
  content: BlockContent,
  environment: BlockEnvironment,
  lookups: ExecutionLookups,
  stop: () => boolean = () => false,
): BuiltBlock {
  const lastArchive = fork.archiveRoot();
  appendMessages(fork, content.messages);
  const draft = new Draft(fork);
  const txs: Tx[] = [];
  const executions: TxExecution[] = [];
  const excluded: { tx: Tx; reason: Exclusion }[] = [];
  for (const tx of content.txs) {
    if (txs.length >= environment.maxTxs || stop()) break;
    try {
      executions.push(executeTx(draft, tx, environment, lookups));
      txs.push(tx);
    } catch (error) {
      if (!(error instanceof Exclusion)) throw error;
      excluded.push({ tx, reason: error });
      if (error.code === ExclusionCode.BLOCK_FULL) break;
    }
  }
  const effects = executions.map(execution => execution.effect);
  applyEffects(fork, effects);
  const header: BlockHeader = {
    lastArchive,
    number: environment.number,
    slot: environment.slot,
    timestamp: environment.timestamp,
    coinbase: environment.coinbase,
    feeRecipient: environment.feeRecipient,
    baseFees: environment.baseFees,
    daHash: hashEffects(effects),
    inHash: inHashOf(content.messages),
    outHash: outHashOf(effects),
    txCount: effects.length,
    totalBaseFees: executions.reduce((sum, execution) => sum + execution.burnt, 0n),
    totalL2Gas: draft.gas.l2,
    totalDaGas: draft.gas.da,
    stateHash: fork.stateHash(),
  };
  const headerHash = hashHeader(header);
  fork.appendArchive({ headerHash, stateHash: header.stateHash, number: header.number, slot: header.slot });
  return { block: { header, headerHash, archive: fork.archiveRoot(), effects }, txs, executions, excluded };
}
