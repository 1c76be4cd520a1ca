import type { Clock, Logger, Meter, Random } from "@sprtn/ports";
import type { IdentityStore } from "./identity.js";

/** What a node of the network needs of its process. */
export interface P2pDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly meter: Meter;
  /** Keeps a generated identity. Without one, and without a key in the settings, each start has a new identity. */
  readonly identityStore?: IdentityStore | undefined;
  /** Asks a service on the Internet for this machine's public IP address. */
  readonly queryIp?: ((signal: AbortSignal) => Promise<string>) | undefined;
}
