import type { BlockExecutor, Clock, ExecutedBlock, ExecutionGround, Logger } from "@sprtn/ports";
import { LruMap, sleep } from "@sprtn/runtime";
import type { BlockContent, BlockEnvironment } from "@sprtn/state-transition";
import { WiringErrorCode } from "../wiring-error.js";

/** Proposals whose outcome is remembered: those of a few slots, the rival ones too. */
const REMEMBERED = 16;

/** Validators that really execute each proposal; the others get what these agree on. */
const EXECUTORS = 2;

interface Known {
  readonly executed: ExecutedBlock;
  /** What the first execution took, ms. */
  readonly tookMs: number;
  times: number;
}

export interface SharedExecutionsDependencies {
  readonly own: BlockExecutor;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Executes a proposal for all validators of a process: the first two that ask really execute it and have to agree.
 * Everybody else is charged: the outcome comes only after as long as the first execution took.
 */
export class SharedExecutions implements BlockExecutor {
  readonly #dependencies: SharedExecutionsDependencies;
  readonly #known = new LruMap<string, Known>(REMEMBERED);

  constructor(dependencies: SharedExecutionsDependencies) {
    this.#dependencies = dependencies;
  }

  async execute(on: ExecutionGround, content: BlockContent, environment: BlockEnvironment): Promise<ExecutedBlock> {
    const { own, clock } = this.#dependencies;
    const key = keyOf(on, content, environment);
    const known = this.#known.get(key);
    if (known !== undefined && known.times >= EXECUTORS) {
      await sleep(clock, known.tookMs);
      return known.executed;
    }
    const startedMs = clock.steadyMs();
    const executed = await own.execute(on, content, environment);
    if (known === undefined) this.#known.set(key, { executed, tookMs: clock.steadyMs() - startedMs, times: 1 });
    else this.#compare(key, known, executed);
    return executed;
  }

  #compare(key: string, known: Known, { built: { block } }: ExecutedBlock): void {
    const first = known.executed.built.block;
    if (first.headerHash === block.headerHash && first.archive === block.archive) {
      known.times++;
      return;
    }
    this.#known.delete(key);
    this.#dependencies.logger.error(
      "two validators of this process executed the same proposal and got different blocks: this is a bug, please " +
        "report it; each validator executes this proposal itself",
      { code: WiringErrorCode.EXECUTIONS_DIFFER, slot: block.header.slot, block: block.header.number },
    );
  }
}

/** All that an execution depends on: the parent's state by its archive, what runs on it, and the block around it. */
function keyOf(
  { fork }: ExecutionGround,
  { txs, messages }: BlockContent,
  { slot, timestamp, coinbase, feeRecipient, baseFees, maxTxs }: BlockEnvironment,
): string {
  return [
    fork.archiveRoot(),
    ...[slot, timestamp, coinbase, feeRecipient, baseFees.perL2Gas, baseFees.perDaGas, maxTxs],
    ...["txs", ...Array.from(txs, ({ hash }) => hash)],
    ...["messages", ...messages],
  ].join();
}
