import type { Clock, Logger, Meter, Random } from "@sprtn/ports";
import type { IdentityStore } from "./identity.js";
import type { ThreadTime } from "./thread-load.js";

/** What a node of the network needs of its process. */
export interface P2pDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly meter: Meter;
  /** Keeps a generated identity. Without one, and without a key in the settings, each start has a new identity. */
  readonly identityStore?: IdentityStore | undefined;
  /** What the thread of the node has worked and waited so far; Node's figures unless given. */
  readonly threadTime?: (() => ThreadTime) | undefined;
  /** Asks a service on the Internet for this machine's public IP address. */
  readonly queryIp?: ((signal: AbortSignal) => Promise<string>) | undefined;
}
