import type { Clock, Logger } from "@sprtn/ports";
import { RateLimiter } from "@sprtn/runtime";

/** LIMIT-31: an attacker changes its identity at will, so that lines about peers are bounded for all peers together. */
const PARTING_LINES = { burst: 10, perSecond: 1 / 60 };
const ALL_PEERS = "";

/** Tells the operator which peers were disconnected for what they did, and why: the code is always this node's own. */
export class PartingLog {
  readonly #logger: Logger;
  readonly #lines: RateLimiter;
  #untold = 0;

  constructor(dependencies: { readonly clock: Clock; readonly logger: Logger }) {
    this.#logger = dependencies.logger;
    const { burst, perSecond } = PARTING_LINES;
    this.#lines = new RateLimiter(dependencies, { burst, tokensPerSecond: perSecond, maxKeys: 1 });
  }

  /** One line, or none beyond the bound; the next line then says how many there would have been. */
  parted(peer: string, code: string): void {
    if (!this.#lines.tryTake(ALL_PEERS)) {
      this.#untold++;
      this.#logger.debug("peer disconnected for its behaviour", { peer, code });
      return;
    }
    this.#logger.info("peer disconnected for its behaviour", {
      peer,
      code,
      ...(this.#untold === 0 ? {} : { moreSinceLastLine: this.#untold }),
    });
    this.#untold = 0;
  }
}
