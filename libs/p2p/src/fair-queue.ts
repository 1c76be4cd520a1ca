export interface FairQueueSettings {
  /** Jobs that run at once. */
  readonly maxRunning: number;
  /** Of those, places that only urgent jobs may take. */
  readonly reservedForUrgent: number;
  /** Jobs of all peers that wait. */
  readonly maxWaiting: number;
  /** Jobs of one peer that wait or run. */
  readonly maxPerPeer: number;
}

interface Waiting {
  readonly peer: string;
  readonly start: () => void;
}

/** Waiting jobs of one urgency, a list for each peer, served in turn. */
class Lane {
  readonly #peers = new Map<string, Waiting[]>();

  add(waiting: Waiting): void {
    const jobs = this.#peers.get(waiting.peer);
    if (jobs) jobs.push(waiting);
    else this.#peers.set(waiting.peer, [waiting]);
  }

  /** The oldest job of the peer whose turn it is; that peer then goes to the end of the line. */
  take(): Waiting | undefined {
    const [first] = this.#peers;
    if (!first) return undefined;
    const [peer, jobs] = first;
    this.#peers.delete(peer);
    const job = jobs.shift();
    if (jobs.length > 0) this.#peers.set(peer, jobs);
    return job;
  }
}

/**
 * Runs jobs that peers cause: bounded in all and for each peer, peers in turn, urgent jobs first. One peer's flood
 * delays its own jobs only.
 */
export class FairQueue {
  readonly #settings: FairQueueSettings;
  readonly #urgent = new Lane();
  readonly #normal = new Lane();
  readonly #perPeer = new Map<string, number>();
  #running = 0;
  #waiting = 0;

  constructor(settings: FairQueueSettings) {
    this.#settings = settings;
  }

  /** `job`'s outcome, or undefined at once when there is no room for it. */
  run<T>(peer: string, urgent: boolean, job: () => Promise<T>): Promise<T> | undefined {
    const held = this.#perPeer.get(peer) ?? 0;
    if (held >= this.#settings.maxPerPeer || this.#waiting >= this.#settings.maxWaiting) return undefined;
    this.#perPeer.set(peer, held + 1);
    return new Promise<T>((resolve, reject) => {
      const start = () => {
        this.#running++;
        void job()
          .then(resolve, reject)
          .finally(() => this.#ended(peer));
      };
      this.#waiting++;
      (urgent ? this.#urgent : this.#normal).add({ peer, start });
      this.#pump();
    });
  }

  #ended(peer: string): void {
    this.#running--;
    const held = (this.#perPeer.get(peer) ?? 1) - 1;
    if (held > 0) this.#perPeer.set(peer, held);
    else this.#perPeer.delete(peer);
    this.#pump();
  }

  #pump(): void {
    const { maxRunning, reservedForUrgent } = this.#settings;
    for (;;) {
      let next: Waiting | undefined;
      if (this.#running < maxRunning) next = this.#urgent.take();
      if (!next && this.#running < maxRunning - reservedForUrgent) next = this.#normal.take();
      if (!next) return;
      this.#waiting--;
      next.start();
    }
  }
}
