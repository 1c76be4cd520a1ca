import type { Clock, RequestProtocol } from "@sprtn/ports";
import { RateLimiter } from "@sprtn/runtime";
import { REQUEST_PROTOCOLS } from "./network.js";
import type { Rate, RequestLimits } from "./request-limits.js";

export interface ServingRoomSettings {
  readonly limits: Readonly<Record<RequestProtocol, RequestLimits>>;
  /** Requests served at once, beyond each peer's first of a protocol. */
  readonly maxConcurrent: number;
  /** Peers whose rates are remembered. */
  readonly maxPeers: number;
}

interface Rates {
  readonly perPeer: RateLimiter;
  readonly guaranteed: RateLimiter;
  readonly total: RateLimiter;
}

const ALL_PEERS = "";

/**
 * LIMIT-4: which requests are served. A peer has its own rate; of that, a part is its own whatever others ask, and only
 * what goes beyond shares the total. So is its first request of a protocol beside those that all share.
 */
export class ServingRoom {
  readonly #settings: ServingRoomSettings;
  readonly #rates: ReadonlyMap<RequestProtocol, Rates>;
  readonly #serving = new Map<string, number>();
  /** Beyond each peer's first. */
  #shared = 0;

  constructor(dependencies: { readonly clock: Clock }, settings: ServingRoomSettings) {
    this.#settings = settings;
    const limiter = ({ burst, perSecond }: Rate, maxKeys: number) =>
      new RateLimiter(dependencies, { burst, tokensPerSecond: perSecond, maxKeys });
    this.#rates = new Map(
      REQUEST_PROTOCOLS.map(protocol => {
        const { perPeer, guaranteed, total } = settings.limits[protocol];
        const { maxPeers } = settings;
        return [
          protocol,
          { perPeer: limiter(perPeer, maxPeers), guaranteed: limiter(guaranteed, maxPeers), total: limiter(total, 1) },
        ];
      }),
    );
  }

  /** `excess`: the peer asks more than its rate. `ok`: {@link leave} must follow. */
  enter(protocol: RequestProtocol, peer: string): "ok" | "excess" | "busy" {
    const rates = this.#rates.get(protocol) as Rates;
    if (!rates.perPeer.tryTake(peer)) return "excess";
    const key = `${protocol} ${peer}`;
    const serving = this.#serving.get(key) ?? 0;
    const { maxConcurrent, limits } = this.#settings;
    if (serving >= limits[protocol].maxConcurrentPerPeer) return "busy";
    if (serving > 0 && this.#shared >= maxConcurrent) return "busy";
    if (!rates.guaranteed.tryTake(peer) && !rates.total.tryTake(ALL_PEERS)) return "busy";
    this.#serving.set(key, serving + 1);
    if (serving > 0) this.#shared++;
    return "ok";
  }

  leave(protocol: RequestProtocol, peer: string): void {
    const key = `${protocol} ${peer}`;
    const left = (this.#serving.get(key) ?? 1) - 1;
    if (left > 0) {
      this.#serving.set(key, left);
      this.#shared--;
    } else this.#serving.delete(key);
  }
}
