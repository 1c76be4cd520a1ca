import { codeOf } from "@sprtn/primitives";
import type {
  Gossip,
  GossipHandler,
  PeerRequest,
  GossipMessage,
  RequestHandler,
  RequestProtocol,
  RequestResponse,
  Topic,
  ValidationResult,
} from "@sprtn/ports";
import { onAbort, throwIfAborted } from "@sprtn/runtime";
import { NetworkError, NetworkErrorCode } from "./network-error.js";
import type { NetworkHub } from "./network-hub.js";

/** What a peer loses by useless and by provably wrong messages. */
const PENALTY = { mild: 1, severe: 10 };

/** One member's view of a {@link NetworkHub}. */
export class NetworkMember implements Gossip, RequestResponse {
  readonly name: string;
  /** How often messages were ignored or rejected, by code. */
  readonly refusals = new Map<string, number>();
  readonly #hub: NetworkHub;
  readonly #handlers = new Map<Topic, GossipHandler>();
  readonly #served = new Map<RequestProtocol, RequestHandler>();
  readonly #scores = new Map<string, number>();

  constructor(name: string, hub: NetworkHub) {
    this.name = name;
    this.#hub = hub;
  }

  subscribe(topic: Topic, handler: GossipHandler): void {
    if (this.#handlers.has(topic))
      throw new NetworkError(NetworkErrorCode.TAKEN, `${this.name} listens to ${topic} already: subscribe once`, {
        peer: this.name,
      });
    this.#handlers.set(topic, handler);
  }

  async publish(topic: Topic, data: Uint8Array): Promise<number> {
    this.#hub.spread(this.name, topic, data.slice());
    return this.#hub.seenBy(this.name).length;
  }

  serve(protocol: RequestProtocol, handler: RequestHandler): void {
    if (this.#served.has(protocol))
      throw new NetworkError(NetworkErrorCode.TAKEN, `${this.name} serves ${protocol} already: serve it once`, {
        peer: this.name,
      });
    this.#served.set(protocol, handler);
  }

  peers(): readonly string[] {
    return this.#hub.seenBy(this.name).toSorted((a, b) => this.scoreOf(b) - this.scoreOf(a));
  }

  /** 0 or below: what the peer lost by its messages. */
  scoreOf(peer: string): number {
    return this.#scores.get(peer) ?? 0;
  }

  penalize(peer: string, severity: "mild" | "severe", _code: string): void {
    this.#scores.set(peer, this.scoreOf(peer) - PENALTY[severity]);
  }

  leave(): void {
    this.#hub.leave(this.name);
  }

  /** @throws PEER_GONE, REFUSED, TIMEOUT, or the runtime's ABORTED */
  async request(peer: string, { protocol, data }: PeerRequest, signal?: AbortSignal): Promise<Uint8Array> {
    const what = `the request ${protocol} to ${peer}`;
    throwIfAborted(what, signal);
    if (!this.#hub.seenBy(this.name).includes(peer))
      throw new NetworkError(NetworkErrorCode.PEER_GONE, `${peer} is not connected: ask another peer`, { peer });
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const timeout = () =>
      reject(new NetworkError(NetworkErrorCode.TIMEOUT, `${what} had no answer in time: ask another peer`, { peer }));
    const lost = () => {
      if (!this.#hub.clock) timeout();
    };
    const cancel = this.#hub.clock?.schedule(this.#hub.requestTimeoutMs, timeout);
    const release = onAbort(signal, () => {
      try {
        throwIfAborted(what, signal);
      } catch (error) {
        reject(error);
      }
    });
    const answer = (settle: () => void, bytes: number) => {
      if (!this.#hub.carry({ from: peer, to: this.name, subject: protocol, bytes }, settle, lost)) lost();
    };
    const ask = async (member: NetworkMember) => {
      try {
        const reply = (await member.answer(protocol, data.slice(), this.name)).slice();
        answer(() => resolve(reply), reply.length);
      } catch (error) {
        const code = codeOf(error);
        answer(
          () =>
            reject(new NetworkError(NetworkErrorCode.REFUSED, `${peer} refused ${protocol}: ${code}`, { peer, code })),
          0,
        );
      }
    };
    if (
      !this.#hub.carry(
        { from: this.name, to: peer, subject: protocol, bytes: data.length },
        member => void ask(member),
        lost,
      )
    )
      lost();
    try {
      return await promise;
    } finally {
      cancel?.();
      release();
    }
  }

  /** Called by the hub: judges a message, and passes on what is accepted. */
  receive(topic: Topic, data: Uint8Array, from: string): void {
    const handler = this.#handlers.get(topic);
    if (handler) void this.#judge(handler, topic, { data, from });
  }

  /** Called by a peer's request. */
  async answer(protocol: RequestProtocol, data: Uint8Array, from: string): Promise<Uint8Array> {
    const handler = this.#served.get(protocol);
    if (!handler)
      throw new NetworkError(NetworkErrorCode.REFUSED, `${this.name} does not serve ${protocol}`, { peer: this.name });
    return handler({ data, from });
  }

  async #judge(handler: GossipHandler, topic: Topic, { data, from }: GossipMessage): Promise<void> {
    const verdict = await verdictOf(handler, { data, from });
    if (verdict.result === "accept") {
      this.#hub.spread(this.name, topic, data);
      return;
    }
    this.refusals.set(verdict.code, (this.refusals.get(verdict.code) ?? 0) + 1);
    if (verdict.result === "reject") this.penalize(from, "severe", verdict.code);
  }
}

/** As the port says: a throw counts as `ignore`. */
async function verdictOf(handler: GossipHandler, { data, from }: GossipMessage): Promise<ValidationResult> {
  try {
    return await handler({ data: data.slice(), from });
  } catch (error) {
    return { result: "ignore", code: codeOf(error) };
  }
}
