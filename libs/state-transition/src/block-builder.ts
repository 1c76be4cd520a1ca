import type { Field } from "@sprtn/primitives";
import {
  type BlockHeader,
  type Gas,
  hashEffects,
  hashHeader,
  inHashOf,
  outHashOf,
  SMALLEST_GAS,
  type Tx,
} from "@sprtn/protocol";
import { appendMessages, applyEffects } from "./apply-effects.js";
import type { BlockEnvironment, ExecutionLookups } from "./block-environment.js";
import type { BuiltBlock } from "./build-block.js";
import { Draft } from "./draft.js";
import { Exclusion } from "./exclusion.js";
import { executeTx, type TxExecution } from "./execute-tx.js";
import type { RollupState } from "./rollup-state.js";

export interface BlockBuilderDependencies {
  /** Of the parent's state; the block is written to it. */
  readonly fork: RollupState;
  readonly lookups: ExecutionLookups;
}

/** Builds one block: transactions one after the other, then the rest. */
export class BlockBuilder {
  readonly #draft: Draft;
  readonly #lastArchive: Field;
  readonly #txs: Tx[] = [];
  readonly #executions: TxExecution[] = [];
  readonly #excluded: { tx: Tx; reason: Exclusion }[] = [];

  readonly #dependencies: BlockBuilderDependencies;

  /** @throws StateError TOO_MANY_MESSAGES */
  constructor(
    dependencies: BlockBuilderDependencies,
    private readonly environment: BlockEnvironment,
    private readonly messages: readonly Field[],
  ) {
    this.#dependencies = dependencies;
    const { fork } = dependencies;
    this.#lastArchive = fork.archiveRoot();
    appendMessages(fork, messages);
    this.#draft = new Draft(fork);
  }

  /** Whether not even the smallest transaction fits any more. */
  get full(): boolean {
    const { maxTxs, gasTarget } = this.environment;
    const fits = (kind: keyof Gas) => this.#draft.gas[kind] + SMALLEST_GAS[kind] <= 2n * gasTarget[kind];
    return this.#txs.length >= maxTxs || !fits("l2") || !fits("da");
  }

  /** Takes `tx` in, or leaves it out and remembers why; the caller has looked that the block is not full. */
  add(tx: Tx): void {
    try {
      this.#executions.push(
        executeTx({ draft: this.#draft, lookups: this.#dependencies.lookups }, tx, this.environment),
      );
      this.#txs.push(tx);
    } catch (error) {
      if (!(error instanceof Exclusion)) throw error;
      this.#excluded.push({ tx, reason: error });
    }
  }

  /** Header, archive, effects; once. */
  finish(): BuiltBlock {
    const { fork } = this.#dependencies;
    const { environment } = this;
    const effects = this.#executions.map(execution => execution.effect);
    applyEffects(fork, effects);
    const header: BlockHeader = {
      lastArchive: this.#lastArchive,
      number: environment.number,
      slot: environment.slot,
      timestamp: environment.timestamp,
      coinbase: environment.coinbase,
      feeRecipient: environment.feeRecipient,
      baseFees: environment.baseFees,
      daHash: hashEffects(effects),
      inHash: inHashOf(this.messages),
      outHash: outHashOf(effects),
      txCount: effects.length,
      totalBaseFees: this.#executions.reduce((sum, execution) => sum + execution.burnt, 0n),
      totalL2Gas: this.#draft.gas.l2,
      totalDaGas: this.#draft.gas.da,
      stateHash: fork.stateHash(),
    };
    const headerHash = hashHeader(header);
    fork.appendArchive({ headerHash, stateHash: header.stateHash, number: header.number, slot: header.slot });
    return {
      block: { header, headerHash, archive: fork.archiveRoot(), effects },
      txs: this.#txs,
      executions: this.#executions,
      excluded: this.#excluded,
    };
  }
}
