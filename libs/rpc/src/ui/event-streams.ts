import type { ServerResponse } from "node:http";
import type { Clock, FeedSource, FeedText } from "@sprtn/ports";

/** What a feed's streams are told by. */
export interface EventStreamsDependencies {
  readonly feed: FeedSource;
  readonly clock: Clock;
}

/** LIMIT-38. */
export interface EventStreamsLimits {
  readonly viewers: number;
  readonly viewersPerAddress: number;
  /** Not sent yet, of one viewer: beyond it he is told no more until he has read, and then to fetch the state. */
  readonly unsentBytes: number;
  /** Events that one who comes back is told at once. */
  readonly resumed: number;
}

export const EVENT_STREAM_LIMITS: EventStreamsLimits = {
  viewers: 64,
  viewersPerAddress: 8,
  unsentBytes: 256 * 1024,
  resumed: 512,
};

/** A silent connection looks like a lost one; with the server's time, ms. */
const HEARTBEAT_MS = 15_000;
/** Tells a page to fetch the state anew: it has missed events. */
const RESYNC = Buffer.from("event: resync\ndata: {}\n\n");

interface Viewer {
  readonly address: string;
  readonly response: ServerResponse;
  /** Has not read what was sent: is told nothing until it has. */
  isBehind: boolean;
}

/** A feed's events as streams of Server-Sent Events: each event is encoded once, and its bytes go to all viewers. */
export class EventStreams {
  readonly #viewers = new Set<Viewer>();
  readonly #dependencies: EventStreamsDependencies;
  #unsubscribe: (() => void) | undefined;
  #cancelHeartbeat: () => void = () => {};

  constructor(
    dependencies: EventStreamsDependencies,
    private readonly limits = EVENT_STREAM_LIMITS,
  ) {
    this.#dependencies = dependencies;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  hasRoomFor(address: string): boolean {
    const { viewers, viewersPerAddress } = this.limits;
    if (this.#viewers.size >= viewers) return false;
    return [...this.#viewers].filter(viewer => viewer.address === address).length < viewersPerAddress;
  }

  /** Streams to `response`, whose head is written: what came after `seq` first, if that is known and not too much. */
  open(address: string, response: ServerResponse, seq: number | undefined): void {
    const { feed } = this.#dependencies;
    const viewer: Viewer = { address, response, isBehind: false };
    this.#viewers.add(viewer);
    response.once("close", () => this.#remove(viewer));
    response.on("drain", () => {
      if (!viewer.isBehind) return;
      viewer.isBehind = false;
      response.write(RESYNC);
    });
    const missed = seq === undefined ? undefined : feed.since(seq);
    if (missed === undefined || missed.length > this.limits.resumed) response.write(RESYNC);
    // Also when nothing was missed: the page sees that the stream stands.
    else response.write(Buffer.concat([this.#time(), ...missed.map(frame)]));
    if (this.#unsubscribe !== undefined) return;
    this.#unsubscribe = feed.subscribe(event => this.#broadcast(frame(event)));
    this.#scheduleHeartbeat();
  }

  /** Ends all streams. */
  close(): void {
    for (const { response } of [...this.#viewers]) response.end();
    this.#viewers.clear();
    this.#rest();
  }

  #broadcast(bytes: Buffer): void {
    for (const viewer of this.#viewers) {
      if (viewer.isBehind) continue;
      if (viewer.response.writableLength > this.limits.unsentBytes) viewer.isBehind = true;
      else viewer.response.write(bytes);
    }
  }

  #scheduleHeartbeat(): void {
    this.#cancelHeartbeat = this.#dependencies.clock.schedule(HEARTBEAT_MS, () => {
      this.#broadcast(this.#time());
      this.#scheduleHeartbeat();
    });
  }

  #time(): Buffer {
    return Buffer.from(`event: time\ndata: {"atMs":${this.#dependencies.clock.nowMs()}}\n\n`);
  }

  #remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size === 0) this.#rest();
  }

  #rest(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#cancelHeartbeat();
  }
}

function frame({ seq, json }: FeedText): Buffer {
  return Buffer.from(`id: ${seq}\ndata: ${json}\n\n`);
}
