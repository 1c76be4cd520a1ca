import type { Epoch, EthAddress } from "@sprtn/primitives";
import type { BlockToProve, EpochSession, ProverClient } from "@sprtn/ports";
import type { ChildProof, TxBaseInputs } from "@sprtn/state-transition/circuits";
import { ProverError, ProverErrorCode } from "../prover-error.js";
import { type JobCount, ProofTree, type ProofTreeDependencies } from "./proof-tree.js";

interface Range {
  readonly proof: Promise<ChildProof>;
  readonly blocks: number;
}

/** A block whose transactions are coming in. */
interface OpenBlock {
  readonly number: number;
  readonly waiting: PromiseWithResolvers<ChildProof>[];
}

/** Proves epochs through a queue of jobs. */
export class QueueProverClient implements ProverClient {
  constructor(private readonly dependencies: ProofTreeDependencies) {}

  startEpoch(epoch: Epoch): EpochProver {
    return new EpochProver(this.dependencies, epoch);
  }
}

/**
 * Proves one epoch while its blocks arrive: each transaction and block at once, and neighbouring ranges of equal size as soon as a block comes after them: so the last two are left for the root itself,
 * which takes two, and no merge is made that it could do. The shape depends on nothing but the number of blocks and transactions: a restart asks for the same jobs and finds them done.
 */
export class EpochProver implements EpochSession {
  readonly #tree: ProofTree;
  readonly #controller = new AbortController();
  readonly #ranges: Range[] = [];
  readonly #roots = new Map<EthAddress, Promise<ChildProof>>();
  #open: OpenBlock | undefined;

  constructor(dependencies: ProofTreeDependencies, readonly epoch: Epoch) {
    this.#tree = new ProofTree(dependencies, { epoch, signal: this.#controller.signal });
  }

  get jobs(): Readonly<JobCount> {
    return this.#tree.jobs;
  }

  startBlock({ root, startAccumulator }: BlockToProve): void {
    const { number, txCount } = root.header;
    if (this.#open !== undefined && this.#open.waiting.length > 0) {
      throw new ProverError(ProverErrorCode.WRONG_ORDER, `block ${this.#open.number} still lacks ${this.#open.waiting.length} transactions: add them before block ${number}`, { block: number });
    }
    // Root proofs asked for before are no longer the epoch's.
    this.#roots.clear();
    const leaves = Array.from({ length: txCount }, () => Promise.withResolvers<ChildProof>());
    this.#open = { number, waiting: [...leaves] };
    this.#push({ proof: quiet(this.#tree.block(root, leaves.map(leaf => quiet(leaf.promise)), startAccumulator)), blocks: 1 });
  }

  addTx(processedTx: TxBaseInputs): void {
    const leaf = this.#open?.waiting.shift();
    if (leaf === undefined) throw new ProverError(ProverErrorCode.WRONG_ORDER, "the block has all of its transactions: start the next one first", { epoch: this.epoch });
    this.#tree.tx(processedTx).then(leaf.resolve, leaf.reject);
  }

  finalizeEpoch(prover: EthAddress): Promise<ChildProof> {
    const known = this.#roots.get(prover);
    if (known !== undefined) return known;
    const root = quiet(this.#fold(prover));
    this.#roots.set(prover, root);
    root.catch(() => {
      if (this.#roots.get(prover) === root) this.#roots.delete(prover);
    });
    return root;
  }

  cancel(): void {
    this.#controller.abort();
  }

  #push(range: Range): void {
    for (;;) {
      const [left, right] = this.#ranges.slice(-2);
      if (left === undefined || right === undefined || left.blocks !== right.blocks) break;
      this.#ranges.splice(-2, 2, this.#join(left, right));
    }
    this.#ranges.push(range);
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
