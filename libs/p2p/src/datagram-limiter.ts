import type { UDPTransportService } from "@chainsafe/discv5";
import type { Clock } from "@sprtn/ports";
import { RateLimiter } from "@sprtn/runtime";

/** Datagrams that are looked at; discv5's own limiter would ban an address, which anybody can forge, permanently. */
const DATAGRAMS = {
  perAddress: { burst: 400, tokensPerSecond: 100, maxKeys: 5_000 },
  total: { burst: 4_000, tokensPerSecond: 2_000, maxKeys: 1 },
};

/**
 * LIMIT-9: datagrams that are looked at, so many an address and in all. On loopback all nodes share one
 * address: only the total is limited. Answers that this node waits for count too, within its limits.
 */
export function datagramLimiter(
  clock: Clock,
  loopback: boolean,
): NonNullable<ConstructorParameters<typeof UDPTransportService>[0]["rateLimiter"]> {
  const total = new RateLimiter({ clock }, DATAGRAMS.total);
  const perAddress = new RateLimiter({ clock }, DATAGRAMS.perAddress);
  return {
    allowEncodedPacket: ip => (loopback || perAddress.tryTake(ip)) && total.tryTake(""),
    addExpectedResponse: () => {},
    removeExpectedResponse: () => {},
  };
}
