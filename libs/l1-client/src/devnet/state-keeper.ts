import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, Logger } from "@sprtn/ports";
import { Loop, OngoingTrouble } from "@sprtn/runtime";
import { Kept, keepState, notKept, putState } from "./state-file.js";

/** How many times it looks for a state in the time in which anvil writes one. */
const LOOKS_PER_INTERVAL = 10;

/** What keeping the state of a devnet while it runs takes. */
export interface StateKeeperDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps each state that anvil writes, soon after it is whole: anvil's next one overwrites it, and a crash would then
 * leave neither. Without dependencies, only at the end.
 */
export class StateKeeper {
  readonly #stateFile: string;
  readonly #loop: Loop | undefined;
  readonly #trouble = new OngoingTrouble();

  constructor(
    dependencies: StateKeeperDependencies | undefined,
    settings: { readonly stateFile: string; readonly intervalMs: number },
  ) {
    this.#stateFile = settings.stateFile;
    if (dependencies === undefined) return;
    const { clock, logger } = dependencies;
    this.#loop = new Loop(
      {
        clock,
        step: async () => {
          await keepState(this.#stateFile);
          this.#trouble.end();
        },
        onError: error => {
          if (!this.#trouble.isNew(codeOf(error))) return;
          logger.warn(
            `the devnet's state cannot be kept in ${this.#stateFile}: if this process crashes now, what L1 does from ` +
              "here on is lost; see that the disk works and has room; retrying",
            { reason: messageOf(error) },
          );
        },
      },
      { intervalMs: settings.intervalMs / LOOKS_PER_INTERVAL, firstStep: "after-interval" },
    );
  }

  async start(): Promise<void> {
    await this.#loop?.start(new AbortController().signal);
  }

  /** Now, rather than when it is time. */
  async look(): Promise<void> {
    await this.#loop?.trigger();
  }

  /** Keeps what anvil has told of its state: JSON, compressed. @throws DEVNET_BAD_STATE */
  async keep(compressed: Uint8Array): Promise<void> {
    await putState(this.#stateFile, await promisify(gunzip)(compressed));
  }

  /** Before anvil is asked to end: what it has written until now is not what it writes then. */
  async beforeEnd(): Promise<void> {
    await this.#loop?.stop();
    // What fails now fails after the end too, and is told then.
    await keepState(this.#stateFile).catch(() => undefined);
  }

  /** @throws DEVNET_BAD_STATE when anvil, which was asked to end, did not write its state in full */
  async afterEnd(): Promise<void> {
    if ((await keepState(this.#stateFile)) !== Kept.WHOLE) throw await notKept(this.#stateFile);
  }
}
