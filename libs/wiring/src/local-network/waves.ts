/** Nodes that start at the same time: what they wait for overlaps, and the machine is not asked for more at once. */
const MOST_AT_ONCE = 8;
/** A node dials three of these, so that one may be missing. */
const DIALLED = 4;

/** A node that others may dial. */
interface Dialled {
  readonly addresses: readonly string[];
  /** Nodes that were told to dial it. */
  told: number;
}

/**
 * Who of a network's nodes starts when, and whom it dials: nodes that run already, and those first that were dialled
 * least. So the connections are spread evenly, and all nodes are connected, as each dials an earlier one.
 */
export class StartWaves {
  readonly #started: Dialled[] = [];

  /** How many may start now, of those that are left: never more than there are nodes to dial. */
  size(left: number): number {
    return Math.min(left, MOST_AT_ONCE, Math.max(1, this.#started.length));
  }

  /** Addresses that the next node dials; none for the first. */
  bootstrapNodes(): readonly string[] {
    const chosen = this.#started.toSorted((a, b) => a.told - b.told).slice(0, DIALLED);
    for (const node of chosen) node.told++;
    return chosen.flatMap(({ addresses }) => addresses);
  }

  /** A node runs. */
  started(addresses: readonly string[]): void {
    this.#started.push({ addresses, told: 0 });
  }
}
