import { systemClock } from "@sprtn/observability/system";
import { BlockNumber, type Field } from "@sprtn/primitives";
import type { Logger } from "@sprtn/ports";
import { Loop } from "@sprtn/runtime";
import { E2eError } from "../e2e-error.js";
import type { TestNode } from "../network/test-node.js";
import { assertInvariant } from "./assert-invariant.js";

/** Nodes may be of two minds about an L1 that has just changed for this long. */
const REORG_MS = 15_000;

/** Polls every running node and keeps the first broken invariant: INV-1 of each, INV-2 among them. */
export class NodeWatcher {
  readonly #loop: Loop;
  readonly #proven = new Map<number, { readonly hash: Field; readonly by: string }>();
  readonly #finalized = new Map<number, { readonly hash: Field; readonly by: string }>();
  readonly #seen = new Map<string, { proven: number; finalized: number }>();
  #reorgedMs = -REORG_MS;
  #broken: E2eError | undefined;
  #looks = 0;

  constructor(
    private readonly network: {
      readonly runningNodes: readonly Pick<TestNode, "name" | "api" | "running">[];
      readonly logger: Logger;
    },
  ) {
    this.#loop = new Loop(
      {
        clock: systemClock,
        step: () => this.round(),
        onError: error => network.logger.warn("a look at the nodes failed", { error }),
      },
      { intervalMs: 500 },
    );
  }

  start(): Promise<void> {
    return this.#loop.start(new AbortController().signal);
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** L1 is about to change under the nodes: proven blocks may, finalized ones must not. */
  expectReorg(): void {
    this.#reorgedMs = systemClock.nowMs();
    this.#proven.clear();
    this.#seen.clear();
  }

  /** Throws the first INVARIANT that was broken, if any; tells how many looks found nothing wrong. */
  check(): number {
    if (this.#broken !== undefined) throw this.#broken;
    return this.#looks;
  }

  /** One look at every running node. */
  async round(): Promise<void> {
    for (const node of this.network.runningNodes) {
      try {
        await this.#look(node);
        this.#looks++;
      } catch (error) {
        if (error instanceof E2eError && node.running) this.#broken ??= error;
        else this.network.logger.verbose("a node did not answer", { node: node.name, error });
      }
    }
  }

  async #look({ name, api }: Pick<TestNode, "name" | "api">): Promise<void> {
    const { pending, proven, finalized } = await api.getChainTips();
    assertInvariant(
      "INV-1",
      finalized.number <= proven.number && proven.number <= pending.number,
      `${name} has finalized ${finalized.number}, proven ${proven.number}, pending ${pending.number}`,
    );
    const seen = this.#seen.get(name) ?? { proven: 0, finalized: 0 };
    const unsettled = systemClock.nowMs() - this.#reorgedMs < REORG_MS;
    for (let number = Math.min(seen.proven, seen.finalized) + 1; number <= proven.number; number++) {
      const block = await api.getBlock(BlockNumber(number));
      if (block === null) return;
      const hash = block.headerHash;
      if (number <= finalized.number) agree("INV-2 (finalized)", this.#finalized, { number, hash, by: name });
      if (!unsettled) agree("INV-2", this.#proven, { number, hash, by: name });
    }
    if (!unsettled) this.#seen.set(name, { proven: proven.number, finalized: finalized.number });
  }
}

function agree(
  id: string,
  known: Map<number, { readonly hash: Field; readonly by: string }>,
  { number, hash, by }: { readonly number: number; readonly hash: Field; readonly by: string },
): void {
  const first = known.get(number);
  if (first === undefined) known.set(number, { hash, by });
  else
    assertInvariant(
      id,
      first.hash === hash,
      `at height ${number} ${first.by} holds ${first.hash}, ${by} holds ${hash}`,
    );
}
