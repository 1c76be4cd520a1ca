import { FEED_VERSION, type FeedEvent, type FeedState, reduce } from "@sprtn/feed";

/** An open stream of events. */
export interface Stream {
  close(): void;
}

/** What a stream tells. */
export interface StreamListener {
  event(event: FeedEvent): void;
  /** The server's clock, each 15 s. */
  time(atMs: number): void;
  resync(): void;
  /** It has ended; another one has to be opened. */
  lost(): void;
}

/** Outside of the page: its node, time, and itself. */
export interface FeedPorts {
  fetchSnapshot(): Promise<FeedState>;
  /** With what came after the event of that number, if the page has a state. */
  openStream(listener: StreamListener, since: number | null): Stream;
  /** Calls back after that time; the answer takes it back. */
  after(ms: number, call: () => void): () => void;
  nowMs(): number;
  /** Another version of the page is served. */
  reload(): void;
}

/** What a page knows of its node. */
export interface Followed {
  readonly state: FeedState | null;
  /** Since when nothing is heard, on the page's clock. */
  readonly lostSinceMs: number | null;
  /** Server's clock minus the page's. */
  readonly clockOffsetMs: number;
  /** When the next attempt is made, on the page's clock. */
  readonly retryAtMs: number | null;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;
/** A heartbeat comes each 15 s: after this time without one, the connection hangs. */
const SILENCE_MS = 20_000;
/** Events held while a snapshot is on its way; more than that comes of a hanging request. */
const MAX_HELD = 4_096;

/** Wait before attempt `n`, from 0: 1 s, doubled up to 15 s. */
export function retryDelayMs(attempt: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt, 10), LAST_RETRY_MS);
}

/** Keeps a node's state current: snapshot, then events; both anew after a gap, a `resync` or a broken connection. */
export class FeedFollower {
  readonly #ports: FeedPorts;
  readonly #changed: (followed: Followed) => void;
  #followed: Followed = { state: null, lostSinceMs: null, clockOffsetMs: 0, retryAtMs: null };
  #stream: Stream | null = null;
  /** Events that came while a snapshot is awaited; null while none is. */
  #held: FeedEvent[] | null = null;
  #attempt = 0;
  #cancelRetry: () => void = () => {};
  #cancelSilence: () => void = () => {};
  /** Answers to requests of an earlier connection are ignored. */
  #generation = 0;

  constructor(ports: FeedPorts, changed: (followed: Followed) => void) {
    this.#ports = ports;
    this.#changed = changed;
  }

  /** With the state that came with the page, if it did. */
  start(initial: FeedState | null): void {
    if (initial !== null && initial.v !== FEED_VERSION) return this.#ports.reload();
    if (initial !== null) this.#update({ state: initial, clockOffsetMs: initial.atMs - this.#ports.nowMs() });
    this.#open();
  }

  /** Ends the connection: nobody looks. */
  pause(): void {
    this.#close();
    this.#update({ lostSinceMs: null, retryAtMs: null });
  }

  /** After {@link pause}. */
  resume(): void {
    if (this.#stream === null && this.#followed.retryAtMs === null) this.#open();
  }

  /** Instead of at the next attempt: there is reason to hope. */
  retryNow(): void {
    if (this.#followed.retryAtMs !== null) this.#open();
  }

  /** What was missed comes with the stream, or a `resync` where the server no longer has it. */
  #open(): void {
    this.#close();
    const generation = this.#generation;
    const live = (call: () => void) => {
      if (generation === this.#generation) call();
    };
    const listener: StreamListener = {
      event: event => live(() => this.#take(event)),
      time: atMs => live(() => this.#heard(atMs, true)),
      resync: () => live(() => this.#askSnapshot()),
      lost: () => live(() => this.#lose()),
    };
    this.#stream = this.#ports.openStream(listener, this.#followed.state?.seq ?? null);
    this.#watchSilence();
    if (this.#followed.state === null) this.#askSnapshot();
  }

  #close(): void {
    this.#generation++;
    this.#cancelRetry();
    this.#cancelSilence();
    this.#stream?.close();
    this.#stream = null;
    this.#held = null;
  }

  #askSnapshot(): void {
    if (this.#held !== null) return;
    this.#held = [];
    void this.#fetchSnapshot(this.#generation);
  }

  async #fetchSnapshot(generation: number): Promise<void> {
    let snapshot: FeedState | null = null;
    try {
      snapshot = await this.#ports.fetchSnapshot();
    } catch {
      // No other than a break of the connection.
    }
    if (generation !== this.#generation) return;
    if (snapshot === null) this.#lose();
    else this.#takeSnapshot(snapshot);
  }

  #takeSnapshot(snapshot: FeedState): void {
    if (snapshot.v !== FEED_VERSION) return this.#ports.reload();
    const held = this.#held ?? [];
    this.#held = null;
    this.#attempt = 0;
    this.#update({ state: snapshot, lostSinceMs: null, retryAtMs: null });
    this.#heard(snapshot.atMs, this.#followed.clockOffsetMs === 0);
    for (const event of held) this.#take(event);
  }

  #take(event: FeedEvent): void {
    if (event.v !== FEED_VERSION) return this.#ports.reload();
    if (this.#held !== null) {
      if (this.#held.push(event) > MAX_HELD) this.#lose();
      return;
    }
    const { state } = this.#followed;
    if (state === null || event.seq > state.seq + 1) {
      // Cached for a second, the snapshot may be older than this event: ask for a newer one then.
      const generation = this.#generation;
      this.#held = [event];
      this.#cancelRetry = this.#ports.after(FIRST_RETRY_MS, () => {
        if (generation !== this.#generation) return;
        const held = this.#held ?? [];
        this.#held = null;
        this.#askSnapshot();
        this.#held = held;
      });
      return;
    }
    this.#attempt = 0;
    if (event.seq <= state.seq) return this.#heard(event.atMs, false);
    this.#update({ state: reduce(state, event), lostSinceMs: null, retryAtMs: null });
    this.#heard(event.atMs, false);
  }

  /** The message that travelled fastest knows the server's clock best; a heartbeat lets it be set back. */
  #heard(atMs: number, anew: boolean): void {
    this.#watchSilence();
    const offset = atMs - this.#ports.nowMs();
    if (anew || offset > this.#followed.clockOffsetMs) this.#update({ clockOffsetMs: offset });
    if (this.#held !== null) return;
    this.#attempt = 0;
    if (this.#followed.lostSinceMs !== null) this.#update({ lostSinceMs: null, retryAtMs: null });
  }

  #watchSilence(): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#ports.after(SILENCE_MS, () => this.#lose());
  }

  #lose(): void {
    const nowMs = this.#ports.nowMs();
    this.#close();
    const delay = retryDelayMs(this.#attempt++);
    this.#update({ lostSinceMs: this.#followed.lostSinceMs ?? nowMs, retryAtMs: nowMs + delay });
    this.#cancelRetry = this.#ports.after(delay, () => this.#open());
  }

  #update(change: Partial<Followed>): void {
    this.#followed = { ...this.#followed, ...change };
    this.#changed(this.#followed);
  }
}
