export interface FairQueueSettings {
  /** Jobs that run at once. */
  readonly maxRunning: number;
  /** Of those, places that only urgent jobs may take. */
  readonly reservedForUrgent: number;
  /** Jobs of all peers that wait, of each urgency. */
  readonly maxWaiting: number;
  /** Jobs of one peer that wait or run, of each urgency. */
  readonly maxPerPeer: number;
}

interface Waiting {
  readonly peer: string;
  readonly start: () => void;
  /** Its place goes to another peer's job. */
  readonly giveWay: () => void;
}

/** Waiting jobs of one urgency, a list for each peer, served in turn. */
class Lane {
  /** Jobs of a peer that wait or run. */
  readonly held = new Map<string, number>();
  readonly #peers = new Map<string, Waiting[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(waiting: Waiting): void {
    const jobs = this.#peers.get(waiting.peer);
    if (jobs) jobs.push(waiting);
    else this.#peers.set(waiting.peer, [waiting]);
    this.#size++;
  }

  /** The oldest job of the peer whose turn it is; that peer then goes to the end of the line. */
  take(): Waiting | undefined {
    const [first] = this.#peers;
    if (!first) return undefined;
    const [peer, jobs] = first;
    this.#peers.delete(peer);
    const job = jobs.shift();
    if (jobs.length > 0) this.#peers.set(peer, jobs);
    this.#size--;
    return job;
  }

  /** Takes out the newest job of the peer with the longest line, if that is longer than `peer`'s would be. */
  makeRoomFor(peer: string): Waiting | undefined {
    let longest: Waiting[] = [];
    for (const jobs of this.#peers.values()) if (jobs.length > longest.length) longest = jobs;
    if (longest.length <= (this.#peers.get(peer)?.length ?? 0) + 1) return undefined;
    this.#size--;
    return longest.pop();
  }
}

/**
 * LIMIT-1: runs jobs that peers cause: bounded in all and for each peer, peers in turn, urgent jobs first. One peer's
 * flood delays its own jobs only: when all places are taken, the longest line gives one to a shorter.
 */
export class FairQueue {
  readonly #settings: FairQueueSettings;
  readonly #urgent = new Lane();
  readonly #normal = new Lane();
  #running = 0;

  constructor(settings: FairQueueSettings) {
    this.#settings = settings;
  }

  /** `job`'s outcome; undefined at once when there is no room for it, or later, when it gave way to another peer's. */
  run<T>(peer: string, urgent: boolean, job: () => Promise<T>): Promise<T | undefined> | undefined {
    const lane = urgent ? this.#urgent : this.#normal;
    const held = lane.held.get(peer) ?? 0;
    if (held >= this.#settings.maxPerPeer) return undefined;
    if (lane.size >= this.#settings.maxWaiting) {
      const loser = lane.makeRoomFor(peer);
      if (!loser) return undefined;
      loser.giveWay();
    }
    lane.held.set(peer, held + 1);
    return new Promise<T | undefined>((resolve, reject) => {
      const start = () => {
        this.#running++;
        void job()
          .then(resolve, reject)
          .finally(() => {
            this.#running--;
            release(lane, peer);
            this.#pump();
          });
      };
      const giveWay = () => {
        release(lane, peer);
        resolve(undefined);
      };
      lane.add({ peer, start, giveWay });
      this.#pump();
    });
  }

  #pump(): void {
    const { maxRunning, reservedForUrgent } = this.#settings;
    for (;;) {
      let next: Waiting | undefined;
      if (this.#running < maxRunning) next = this.#urgent.take();
      if (!next && this.#running < maxRunning - reservedForUrgent) next = this.#normal.take();
      if (!next) return;
      next.start();
    }
  }
}

function release(lane: Lane, peer: string): void {
  const held = (lane.held.get(peer) ?? 1) - 1;
  if (held > 0) lane.held.set(peer, held);
  else lane.held.delete(peer);
}
