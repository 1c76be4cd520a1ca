import type { Service } from "@sprtn/runtime";
import type { BlockSource } from "./block-source.js";

/** Why the chain is not followed: a code and a text that says what to do. */
export interface ChainTrouble {
  readonly code: string;
  readonly reason: string;
}

/** A chain that is followed, and how that goes. */
export interface ChainFollower extends BlockSource, Service {
  /** Looks now, for callers that know of something new; resolves when that is done. */
  poll(): Promise<void>;
  /** Why the chain is not followed to its head; `undefined` while it is, or has not been tried yet. */
  trouble(): ChainTrouble | undefined;
}
