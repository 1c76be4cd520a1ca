/** What a thread has worked and waited so far, ms. */
export interface ThreadTime {
  readonly active: number;
  readonly idle: number;
}

/** Over how long the share is taken, ms. */
const WINDOW_MS = 1_000;

/** The share of its time that a thread has worked lately. */
export class ThreadLoad {
  readonly #read: () => ThreadTime;
  #from: ThreadTime;
  #share = 0;

  constructor(dependencies: { readonly threadTime: () => ThreadTime }) {
    this.#read = dependencies.threadTime;
    this.#from = this.#read();
  }

  /** 0 to 1; of the last second, or of the time since it was last asked for if that is longer. */
  now(): number {
    const time = this.#read();
    const active = time.active - this.#from.active;
    const total = active + time.idle - this.#from.idle;
    if (total < WINDOW_MS) return this.#share;
    this.#from = time;
    return (this.#share = active / total);
  }
}
