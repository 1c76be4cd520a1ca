import type { Epoch, EthAddress, Field } from "@sprtn/primitives";
import type { BlockWitness } from "@sprtn/state-transition";
import type { ChildProof } from "@sprtn/state-transition/circuits";
import { ProverError, ProverErrorCode } from "../prover-error.js";
import { type JobCount, ProofTree, type ProofTreeDependencies } from "./proof-tree.js";

interface Range {
  readonly proof: Promise<ChildProof>;
  readonly blocks: number;
}

/**
 * Proves one epoch while its blocks arrive: each block at once, and neighbouring ranges of equal size as soon as both are there. What remains is folded when the epoch ends.
 * The shape depends on nothing but the number of blocks, so a restart asks for the same jobs and finds them done.
 */
export class EpochProver {
  readonly #tree: ProofTree;
  readonly #controller = new AbortController();
  readonly #ranges: Range[] = [];
  readonly #roots = new Map<EthAddress, Promise<ChildProof>>();

  constructor(dependencies: ProofTreeDependencies, readonly epoch: Epoch) {
    this.#tree = new ProofTree(dependencies, { epoch, signal: this.#controller.signal });
  }

  get jobs(): Readonly<JobCount> {
    return this.#tree.jobs;
  }

  /** The next block of the epoch; root proofs asked for before are no longer the epoch's. */
  addBlock(witness: BlockWitness, startAccumulator: Field): void {
    this.#roots.clear();
    this.#push({ proof: quiet(this.#tree.block(witness, startAccumulator)), blocks: 1 });
  }

  /** The epoch is over: its root proof, bound to `prover`. Rejects with the first job that failed. */
  finalize(prover: EthAddress): Promise<ChildProof> {
    const known = this.#roots.get(prover);
    if (known !== undefined) return known;
    const root = quiet(this.#fold(prover));
    this.#roots.set(prover, root);
    root.catch(() => {
      if (this.#roots.get(prover) === root) this.#roots.delete(prover);
    });
    return root;
  }

  /** Stops waiting for jobs: the epoch was proven by another, or pruned. */
  cancel(): void {
    this.#controller.abort();
  }

  #push(range: Range): void {
    const left = this.#ranges.at(-1);
    if (left === undefined || left.blocks !== range.blocks) {
      this.#ranges.push(range);
      return;
    }
    this.#ranges.pop();
    this.#push(this.#join(left, range));
  }

  #join(left: Range, right: Range): Range {
    const blocks = left.blocks + right.blocks;
    const proof = Promise.all([left.proof, right.proof]).then(([one, two]) => this.#tree.merge(one, two, Math.ceil(Math.log2(blocks))));
    return { proof: quiet(proof), blocks };
  }

  async #fold(prover: EthAddress): Promise<ChildProof> {
    const ranges = [...this.#ranges];
    while (ranges.length > 2) {
      const [right, left] = [ranges.pop() as Range, ranges.pop() as Range];
      ranges.push(this.#join(left, right));
    }
    const children = await Promise.all(ranges.map(range => range.proof));
    if (children.length === 0) throw new ProverError(ProverErrorCode.NOTHING_TO_PROVE, `epoch ${this.epoch} has no unproven block`, { epoch: this.epoch });
    return this.#tree.root(children, prover);
  }
}

/** A rejection that nobody waits for yet is not unhandled: whoever folds the tree gets it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
