import { codeOf, detailsOf, type Field, messageOf } from "@sprtn/primitives";
import type { Logger, MayHaveRun, NodeApi } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";

/** What a wallet asks of its node. */
export type BotNode = Pick<
  NodeApi,
  "getNodeInfo" | "getChainTips" | "getBlocks" | "getBaseFees" | "getCurrentSlot" | "sendTx" | "getTxReceipt"
>;

/** A node with the address that logs name it by. */
export interface NamedNode {
  readonly url: string;
  readonly node: BotNode;
}

/** Transactions whose node is remembered. */
const SENT = 10_000;
/** Codes that say nothing about what was asked: another node may answer. */
const nodeTrouble: ReadonlySet<string> = new Set([
  "RPC_UNREACHABLE",
  "RPC_NO_ANSWER",
  "RPC_TIMEOUT",
  "RPC_BAD_ANSWER",
  "RPC_INTERNAL",
  "RPC_BUSY",
  "RPC_BUDGET_SPENT",
  "RPC_UNKNOWN_METHOD",
  "RPC_RATE_LIMITED",
  "TX_POOL_NOT_SYNCED",
  "TX_POOL_STORE_FAILED",
  "TX_POOL_PROOF_UNCHECKED",
]);

/**
 * Several nodes as one: transactions go to one after the other, a receipt is asked of the node that took its
 * transaction, everything else is asked of one node until it fails. A node that does not answer is skipped; the last
 * failure is thrown, unless a node before may have done what was asked: then its own.
 */
export class SeveralNodes implements BotNode {
  /** Which node is asked first; for transactions, nodes take turns. */
  #reading = 0;
  #sending = 0;
  readonly #takenBy = new LruMap<Field, number>(SENT);
  readonly #away = new Set<number>();

  readonly #dependencies: { readonly nodes: readonly NamedNode[]; readonly logger: Logger };

  constructor(dependencies: { readonly nodes: readonly NamedNode[]; readonly logger: Logger }) {
    this.#dependencies = dependencies;
  }

  getNodeInfo() {
    return this.#read(node => node.getNodeInfo());
  }

  getChainTips() {
    return this.#read(node => node.getChainTips());
  }

  getBlocks(...args: Parameters<BotNode["getBlocks"]>) {
    return this.#read(node => node.getBlocks(...args));
  }

  getBaseFees() {
    return this.#read(node => node.getBaseFees());
  }

  getCurrentSlot() {
    return this.#read(node => node.getCurrentSlot());
  }

  async sendTx(...[tx]: Parameters<BotNode["sendTx"]>) {
    const { result, at } = await this.#ask(this.#sending++, node => node.sendTx(tx));
    this.#takenBy.set(tx.hash, at);
    return result;
  }

  async getTxReceipt(hash: Field) {
    const { result } = await this.#ask(this.#takenBy.get(hash) ?? this.#reading, node => node.getTxReceipt(hash));
    return result;
  }

  async #read<T>(call: (node: BotNode) => Promise<T>): Promise<T> {
    const { result, at } = await this.#ask(this.#reading, call);
    this.#reading = at;
    return result;
  }

  async #ask<T>(
    first: number,
    call: (node: BotNode) => Promise<T>,
  ): Promise<{ readonly result: T; readonly at: number }> {
    const { nodes } = this.#dependencies;
    let failure: unknown;
    for (let i = 0; i < nodes.length; i++) {
      const at = (first + i) % nodes.length;
      const { url, node } = nodes[at] as NamedNode;
      try {
        const result = await call(node);
        this.#away.delete(at);
        return { result, at };
      } catch (error) {
        if (!(detailsOf(failure) as Partial<MayHaveRun>).mayHaveRun) failure = error;
        if (!nodeTrouble.has(codeOf(error))) break;
        if (nodes.length > 1 && !this.#away.has(at))
          this.#dependencies.logger.warn("a node does not answer: the bot asks the next one", {
            url,
            code: codeOf(error),
            reason: messageOf(error),
          });
        this.#away.add(at);
      }
    }
    throw failure;
  }
}
