export interface SlotLimits {
  /** Requests at work at once, in all and of one caller. */
  readonly total: number;
  readonly perCaller: number;
  /** Requests that wait, in all and of one caller. */
  readonly waitingTotal: number;
  readonly waitingPerCaller: number;
}

/** Of a server: together with the size of an answer they bound what answers hold in memory. */
export const REQUEST_SLOTS: SlotLimits = { total: 12, perCaller: 4, waitingTotal: 256, waitingPerCaller: 64 };

interface Waiting {
  readonly caller: string;
  readonly grant: (release: () => void) => void;
}

/**
 * How many requests are at work at once; what an answer holds in memory is bounded by it too. The rest waits in order,
 * callers with all of their places taken are passed over.
 */
export class RequestSlots {
  readonly #limits: SlotLimits;
  readonly #atWork = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #total = 0;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /** Resolves with what gives the place back, to be called once; `undefined` at once if too many wait. */
  take(caller: string): Promise<() => void> | undefined {
    if (this.#mayWork(caller)) return Promise.resolve(this.#occupy(caller));
    const { waitingTotal, waitingPerCaller } = this.#limits;
    const own = this.#waiting.reduce((sum, waiting) => sum + (waiting.caller === caller ? 1 : 0), 0);
    if (this.#waiting.length >= waitingTotal || own >= waitingPerCaller) return undefined;
    return new Promise(grant => void this.#waiting.push({ caller, grant }));
  }

  #mayWork(caller: string): boolean {
    return this.#total < this.#limits.total && (this.#atWork.get(caller) ?? 0) < this.#limits.perCaller;
  }

  #occupy(caller: string): () => void {
    this.#total++;
    this.#atWork.set(caller, (this.#atWork.get(caller) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#total--;
      const left = (this.#atWork.get(caller) ?? 1) - 1;
      if (left === 0) this.#atWork.delete(caller);
      else this.#atWork.set(caller, left);
      this.#next();
    };
  }

  #next(): void {
    const index = this.#waiting.findIndex(({ caller }) => this.#mayWork(caller));
    if (index < 0) return;
    const [{ caller, grant }] = this.#waiting.splice(index, 1) as [Waiting];
    grant(this.#occupy(caller));
  }
}
