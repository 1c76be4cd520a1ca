import { counted, type Epoch, type EthAddress } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";
import type { BlockToProve, EpochSession, ProverClient } from "@sprtn/ports";
import type { ChildProof, SingleBlock, TxBaseInputs } from "@sprtn/state-transition/circuits";
import { ProverError, ProverErrorCode } from "../prover-error.js";
import { type PlannedBlock, plannedJobs, weightOf } from "./planned-jobs.js";
import { type JobCount, ProofTree, type ProofTreeDependencies } from "./proof-tree.js";

interface Range {
  readonly proof: Promise<ChildProof>;
  /** Proofs of blocks below it. */
  readonly leaves: number;
}

/** A block whose transactions are coming in. */
interface OpenBlock {
  readonly number: number;
  readonly waiting: PromiseWithResolvers<TxBaseInputs>[];
}

/** Proves epochs through a queue of jobs. */
export class QueueProverClient implements ProverClient {
  readonly #dependencies: ProofTreeDependencies;

  constructor(dependencies: ProofTreeDependencies) {
    this.#dependencies = dependencies;
  }

  startEpoch(epoch: Epoch): EpochProver {
    return new EpochProver(this.#dependencies, epoch);
  }
}

/**
 * Proves one epoch while its blocks arrive: each transaction and block at once, and neighbouring ranges of equal size
 * as soon as a block comes after them: so the last two are left for the root itself,
 * which takes two, and no merge is made that it could do. Blocks of one transaction are proven two at a time, straight
 * from the clients' proofs: half of the recursions that a tree of all of them would need.
 * The shape depends on nothing but the blocks and transactions: a restart asks for the same jobs and finds them done.
 */
export class EpochProver implements EpochSession {
  readonly #tree: ProofTree;
  readonly #controller = new AbortController();
  readonly #ranges: Range[] = [];
  readonly #roots = new Map<EthAddress, Promise<ChildProof>>();
  readonly #blocks: PlannedBlock[] = [];
  #open: OpenBlock | undefined;
  /** A block of one transaction that waits for another to be proven with. */
  #single: Promise<SingleBlock> | undefined;

  constructor(
    dependencies: ProofTreeDependencies,
    readonly epoch: Epoch,
  ) {
    this.#tree = new ProofTree(dependencies, { epoch, signal: this.#controller.signal });
  }

  /** Jobs that are done, and all that the epoch takes as far as its blocks are known. */
  get jobs(): Readonly<JobCount> {
    const { done, total } = this.#tree.jobs;
    return { done, total: Math.max(total, plannedJobs(this.#blocks).length) };
  }

  get secondsLeft(): number | undefined {
    const { pace } = this.#tree;
    return pace.secondsFor(Math.max(0, weightOf(plannedJobs(this.#blocks)) - pace.weightDone));
  }

  startBlock({ root, startAccumulator }: BlockToProve): void {
    const { number, txCount } = root.header;
    if (this.#open !== undefined && this.#open.waiting.length > 0) {
      throw new ProverError(
        ProverErrorCode.WRONG_ORDER,
        `block ${this.#open.number} still lacks ${counted(this.#open.waiting.length, "transaction")}: add what is ` +
          `missing before block ${number}`,
        { block: number },
      );
    }
    // Root proofs asked for before are no longer the epoch's.
    this.#roots.clear();
    const txs = Array.from({ length: txCount }, () => Promise.withResolvers<TxBaseInputs>());
    this.#open = { number, waiting: [...txs] };
    this.#blocks.push({ txCount, single: isSingle(root) });
    const [only] = txs;
    if (only !== undefined && isSingle(root)) {
      this.#addSingle(quiet(only.promise.then(base => ({ base, root: { ...root, startAccumulator } }))));
      return;
    }
    if (this.#single !== undefined) this.#push(this.#singleRange([this.#single]));
    this.#single = undefined;
    const leaves = txs.map(tx => quiet(tx.promise.then(base => this.#tree.tx(base))));
    this.#push({ proof: quiet(this.#tree.block(root, leaves, startAccumulator)), leaves: 1 });
  }

  addTx(processedTx: TxBaseInputs): void {
    const tx = this.#open?.waiting.shift();
    if (tx === undefined)
      throw new ProverError(
        ProverErrorCode.WRONG_ORDER,
        "the block has all of its transactions: start the next one first",
        { epoch: this.epoch },
      );
    tx.resolve(processedTx);
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

  #addSingle(block: Promise<SingleBlock>): void {
    const before = this.#single;
    this.#single = before === undefined ? block : undefined;
    if (before !== undefined) this.#push(this.#singleRange([before, block]));
  }

  #singleRange(blocks: readonly Promise<SingleBlock>[]): Range {
    return { proof: quiet(Promise.all(blocks).then(each => this.#tree.singleBlocks(each))), leaves: 1 };
  }

  #push(range: Range): void {
    for (;;) {
      const [left, right] = this.#ranges.slice(-2);
      if (left === undefined || right === undefined || left.leaves !== right.leaves) break;
      this.#ranges.splice(-2, 2, this.#join(left, right));
    }
    this.#ranges.push(range);
  }

  #join(left: Range, right: Range): Range {
    const leaves = left.leaves + right.leaves;
    const proof = Promise.all([left.proof, right.proof]).then(([one, two]) =>
      this.#tree.merge(one, two, Math.ceil(Math.log2(leaves))),
    );
    return { proof: quiet(proof), leaves };
  }

  async #fold(prover: EthAddress): Promise<ChildProof> {
    // A last block without a partner is proven alone; should another come after it, the two are proven together then.
    const ranges = [...this.#ranges, ...(this.#single === undefined ? [] : [this.#singleRange([this.#single])])];
    while (ranges.length > 2) {
      const [right, left] = [ranges.pop() as Range, ranges.pop() as Range];
      ranges.push(this.#join(left, right));
    }
    const children = await Promise.all(ranges.map(range => range.proof));
    if (children.length === 0)
      throw new ProverError(ProverErrorCode.NOTHING_TO_PROVE, `epoch ${this.epoch} has no unproven block`, {
        epoch: this.epoch,
      });
    return this.#tree.root(children, prover);
  }
}

/** Whether the circuits for blocks of one transaction take this one: they have room for few messages. */
function isSingle({ header, messages }: BlockToProve["root"]): boolean {
  return (
    header.txCount === 1 && messages.filter(message => message !== 0n).length <= constants.MESSAGES_OF_SINGLE_BLOCK
  );
}

/** A rejection that nothing waits for yet is not unhandled: the code that folds the tree gets it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
