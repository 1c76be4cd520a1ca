import { toHex } from "@sprtn/primitives";
import type {
  Gossip,
  GossipHandler,
  KvOperation,
  KvRange,
  KvStore,
  Meter,
  PeerRequest,
  ProofBackend,
  RequestHandler,
  RequestProtocol,
  RequestResponse,
} from "@sprtn/ports";

/** Fakes of the pool's ports except for the chain. */

export class FakeStore implements KvStore {
  readonly records = new Map<string, readonly [Uint8Array, Uint8Array]>();
  fails = false;
  writes = 0;
  operations = 0;

  get(key: Uint8Array) {
    return this.records.get(toHex(key))?.[1];
  }

  getMany(keys: readonly Uint8Array[]) {
    return keys.map(key => this.get(key));
  }

  async write(operations: readonly KvOperation[]) {
    await Promise.resolve();
    if (this.fails) throw new Error("disk full");
    this.writes += 1;
    this.operations += operations.length;
    for (const operation of operations) {
      if (operation.type === "put") this.records.set(toHex(operation.key), [operation.key, operation.value]);
      else this.records.delete(toHex(operation.key));
    }
  }

  async *entries({ gte, lt, reverse = false, limit }: KvRange = {}) {
    const inside = [...this.records.entries()]
      .filter(([name]) => (gte === undefined || name >= toHex(gte)) && (lt === undefined || name < toHex(lt)))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, record]) => record);
    yield* (reverse ? inside.toReversed() : inside).slice(0, limit);
  }

  async close() {}
}

export class FakeGossip implements Gossip {
  handler: GossipHandler | undefined;
  readonly published: Uint8Array[] = [];
  /** Peers that hear what is published. */
  listeners = 1;
  fails = false;

  subscribe(_topic: string, handler: GossipHandler) {
    this.handler = handler;
  }

  async publish(_topic: string, data: Uint8Array) {
    if (this.fails) throw new Error("no peers");
    this.published.push(data);
    return this.listeners;
  }

  async receive(data: Uint8Array, from = "peer") {
    return this.handler!({ data, from });
  }
}

export class FakeRequests implements RequestResponse {
  handler: RequestHandler | undefined;
  /** By peer, best first. */
  readonly answers = new Map<string, (data: Uint8Array, signal?: AbortSignal) => Promise<Uint8Array>>();
  readonly asked: string[] = [];
  readonly penalties: string[] = [];

  serve(_protocol: RequestProtocol, handler: RequestHandler) {
    this.handler = handler;
  }

  peers() {
    return [...this.answers.keys()];
  }

  async request(peer: string, { data }: PeerRequest, signal?: AbortSignal) {
    this.asked.push(peer);
    return this.answers.get(peer)!(data, signal);
  }

  penalize(peer: string, severity: "mild" | "severe", code: string) {
    this.penalties.push(`${peer} ${severity} ${code}`);
  }
}

export class FakeProofs implements ProofBackend {
  readonly mode = "simulated";
  verified = 0;
  fails = false;
  /** Proofs whose first byte is this are invalid. */
  readonly invalidByte = 0xbd;
  /** Runs while a proof is being verified. */
  during: () => Promise<void> = async () => {};

  async prove(): Promise<never> {
    throw new Error("not here");
  }

  async verify(proof: { readonly bytes: Uint8Array }) {
    this.verified += 1;
    await this.during();
    if (this.fails) throw new Error("backend gone");
    return proof.bytes[0] !== this.invalidByte;
  }
}

export class FakeMeter implements Meter {
  readonly values = new Map<string, number>();
  readonly #key = (name: string, labels?: object) => `${name}${labels ? JSON.stringify(labels) : ""}`;

  counter({ name }: { readonly name: string }) {
    return {
      add: (value: number, labels?: object) =>
        void this.values.set(this.#key(name, labels), (this.values.get(this.#key(name, labels)) ?? 0) + value),
    };
  }

  gauge({ name }: { readonly name: string }) {
    return { set: (value: number, labels?: object) => void this.values.set(this.#key(name, labels), value) };
  }

  histogram() {
    return { observe: () => {} };
  }
}
