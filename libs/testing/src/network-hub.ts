import type { Clock, Topic } from "@sprtn/ports";
import { keccak256 } from "@sprtn/primitives";
import { LruMap } from "@sprtn/runtime";
import { NetworkError, NetworkErrorCode } from "./network-error.js";
import { NetworkMember } from "./network-member.js";

/** One message or request on its way between two members. */
export interface Passage {
  readonly from: string;
  readonly to: string;
  /** A gossip topic or a request protocol. */
  readonly subject: string;
  readonly bytes: number;
}

/** The clock by which messages travel, if they take time. */
export interface NetworkHubDependencies {
  /** Delivers after `latencyMs`; without a clock each delivery is a microtask, and lost requests fail at once. */
  readonly clock?: Clock;
}

/** How long passages take, and which are lost. */
export interface NetworkHubSettings {
  /** One way; 0 unless told. May depend on the passage: links of different length, bandwidth. */
  readonly latencyMs?: (passage: Passage) => number;
  /** Whether a passage is lost; none is unless told. A seeded source of randomness keeps it repeatable. */
  readonly drop?: (passage: Passage) => boolean;
  /** How long a request waits for its answer; 10 s unless told. */
  readonly requestTimeoutMs?: number;
}

/** Messages whose reach is remembered. */
const REMEMBERED = 20_000;

/**
 * A network in memory for tests and simulation. Every member sees every other one of its part. A message goes to all
 * that
 * the sender sees; each that accepts it passes it on to those whom it did not reach (lost on the way, or cut off
 * before).
 * The order of delivery depends on nothing but the order of calls and the clock.
 */
export class NetworkHub {
  readonly #clock: Clock | undefined;
  readonly #settings: NetworkHubSettings;
  readonly #members = new Map<string, NetworkMember>();
  /** Whom a message reached or is on its way to. */
  readonly #reached = new LruMap<string, Set<string>>(REMEMBERED);
  #partOf: (name: string) => number = () => 0;

  constructor(dependencies: NetworkHubDependencies = {}, settings: NetworkHubSettings = {}) {
    this.#clock = dependencies.clock;
    this.#settings = settings;
  }

  /** A new member; throws TAKEN. One that left may join again, with new handlers. */
  join(name: string): NetworkMember {
    if (this.#members.has(name))
      throw new NetworkError(NetworkErrorCode.TAKEN, `${name} is in the network already: let it leave first`, {
        peer: name,
      });
    const member = new NetworkMember(name, this);
    this.#members.set(name, member);
    return member;
  }

  leave(name: string): void {
    this.#members.delete(name);
  }

  /**
   * Splits the network: only members of the same part see each other; those not named make one more part. What is on
   * its way across is lost.
   */
  partition(parts: readonly (readonly string[])[]): void {
    const part = new Map(parts.flatMap((names, index) => names.map(name => [name, index] as const)));
    this.#partOf = name => part.get(name) ?? -1;
  }

  /** Ends the partition. */
  heal(): void {
    this.#partOf = () => 0;
  }

  /** The members that `name` sees, in the order in which they joined. */
  seenBy(name: string): string[] {
    return [...this.#members.keys()].filter(other => other !== name && this.#connected(name, other));
  }

  get requestTimeoutMs(): number {
    return this.#settings.requestTimeoutMs ?? 10_000;
  }

  get clock(): Clock | undefined {
    return this.#clock;
  }

  /** Sends a message from `from` to all it sees that the message has not reached. */
  spread(from: string, topic: Topic, data: Uint8Array): void {
    const id = `${topic} ${keccak256(data)}`;
    const reached = this.#reached.get(id) ?? new Set();
    this.#reached.set(id, reached);
    reached.add(from);
    for (const to of this.seenBy(from)) {
      if (reached.has(to)) continue;
      const sent = this.carry(
        { from, to, subject: topic, bytes: data.length },
        member => member.receive(topic, data.slice(), from),
        () => reached.delete(to),
      );
      if (sent) reached.add(to);
    }
  }

  /**
   * Brings something to a member, or returns false if it is lost at once; `lost` is called if the two part while it is
   * on its way.
   */
  carry(passage: Passage, arrive: (member: NetworkMember) => void, lost: () => void): boolean {
    const { from, to } = passage;
    if (!this.#connected(from, to) || this.#settings.drop?.(passage)) return false;
    const deliver = () => {
      const member = this.#members.get(to);
      if (member && this.#connected(from, to)) arrive(member);
      else lost();
    };
    if (this.#clock) this.#clock.schedule(this.#settings.latencyMs?.(passage) ?? 0, deliver);
    else queueMicrotask(deliver);
    return true;
  }

  #connected(a: string, b: string): boolean {
    return this.#members.has(a) && this.#members.has(b) && this.#partOf(a) === this.#partOf(b);
  }
}
