import type { Field } from "@sprtn/primitives";
import type { Clock, JobOutcome, ProofQueue } from "@sprtn/ports";
import {
  type BlockRootInputs,
  type ChildProof,
  type CircuitInputs,
  encodeCircuitInputs,
  type KeyTree,
  type RollupCircuit,
  type SingleBlock,
  type TxBaseInputs,
} from "@sprtn/state-transition/circuits";
import type { BlockWitness } from "@sprtn/state-transition";
import { leftLeafCount } from "@sprtn/protocol";
import { jobId } from "../job-id.js";
import { blockRoots } from "./planned-jobs.js";
import { ProvingPace } from "./proving-pace.js";
import { ProverError, ProverErrorCode } from "../prover-error.js";

/** The queue that the jobs go to, and the keys that the proofs below are verified under. */
export interface ProofTreeDependencies {
  readonly queue: ProofQueue;
  readonly keys: KeyTree;
  readonly clock: Clock;
}

/** How far a tree has come. */
export interface JobCount {
  done: number;
  total: number;
}

/** Heights for the queue's order: all that is above the blocks goes before anything within them. */
const BLOCK_ROOT_HEIGHT = 64;

/** Makes the proofs of one epoch out of jobs: each is queued as soon as its children are proven. */
export class ProofTree {
  readonly jobs: JobCount = { done: 0, total: 0 };
  readonly pace: ProvingPace;

  readonly #dependencies: ProofTreeDependencies;

  constructor(
    dependencies: ProofTreeDependencies,
    private readonly settings: { readonly epoch: number; readonly signal: AbortSignal },
  ) {
    this.#dependencies = dependencies;
    this.pace = new ProvingPace(dependencies.clock);
  }

  /** A transaction of a block. */
  async tx(processedTx: TxBaseInputs): Promise<ChildProof> {
    return this.#prove("tx-base", 0, processedTx);
  }

  /** A block: its transactions in a left-filled tree whose last merge is the block root itself. */
  async block(
    root: BlockWitness["root"],
    txs: readonly Promise<ChildProof>[],
    startAccumulator: Field,
  ): Promise<ChildProof> {
    const children = await this.#spans(txs);
    const inputs: BlockRootInputs = { ...root, children, startAccumulator };
    return this.#prove(blockRoots[children.length as 0 | 1 | 2], BLOCK_ROOT_HEIGHT, inputs);
  }

  /** One block of one transaction, or two that follow one another: no proof is made of the transactions alone. */
  async singleBlocks(blocks: readonly SingleBlock[]): Promise<ChildProof> {
    return this.#prove(blocks.length === 1 ? "block-root-single" : "block-root-pair", BLOCK_ROOT_HEIGHT, { blocks });
  }

  /** Two neighbouring ranges of blocks. */
  async merge(left: ChildProof, right: ChildProof, height: number): Promise<ChildProof> {
    return this.#prove("block-merge", BLOCK_ROOT_HEIGHT + height, { left, right });
  }

  /** The epoch's root proof; it is not a child of anything, so its proof is returned as it is. */
  async root(children: readonly ChildProof[], prover: CircuitInputs["root-one"]["prover"]): Promise<ChildProof> {
    return this.#prove(children.length === 1 ? "root-one" : "root-two", 2 * BLOCK_ROOT_HEIGHT, { children, prover });
  }

  /** The 0 to 2 children of a block root. */
  async #spans(leaves: readonly Promise<ChildProof>[]): Promise<readonly ChildProof[]> {
    if (leaves.length <= 2) return Promise.all(leaves);
    const split = leftLeafCount(leaves.length);
    return Promise.all([this.#span(leaves.slice(0, split)), this.#span(leaves.slice(split))]);
  }

  async #span(leaves: readonly Promise<ChildProof>[]): Promise<ChildProof> {
    const [left, right] = await this.#spans(leaves);
    if (left === undefined)
      throw new ProverError(
        ProverErrorCode.NOTHING_TO_PROVE,
        "a span has no transactions: this is a bug, please report it",
      );
    return right === undefined ? left : this.#prove("tx-merge", Math.ceil(Math.log2(leaves.length)), { left, right });
  }

  async #prove<Name extends RollupCircuit>(
    circuit: Name,
    height: number,
    inputs: CircuitInputs[Name],
  ): Promise<ChildProof> {
    const { queue, keys } = this.#dependencies;
    const bytes = encodeCircuitInputs(inputs);
    const id = jobId(circuit, bytes);
    this.jobs.total++;
    const ended = this.pace.begin(circuit);
    let done = false;
    try {
      await queue.enqueue({ id, circuit, epoch: this.settings.epoch, height, inputs: bytes });
      const outcome: JobOutcome = await queue.outcome(id, this.settings.signal);
      if (outcome.status === "failed")
        throw new ProverError(
          ProverErrorCode.JOB_FAILED,
          `a ${circuit} proof failed (${outcome.code}): ${outcome.reason}`,
          { circuit, job: id },
        );
      done = true;
      this.jobs.done++;
      return { key: keys.witness(circuit), publicInputs: outcome.proof.publicInputs, proof: outcome.proof.bytes };
    } finally {
      ended(done);
    }
  }
}
