import type { L1BlockRef } from "@sprtn/ports";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";

/** Rounds that may end early because L1 changed while it was read. */
const CHANGING_ROUNDS = 5;
/** Rounds in which the endpoint may be behind where it was: a reorg to a shorter chain, or a lagging twin of it. */
const BEHIND_ROUNDS = 30;

/** A round may come to nothing, for L1 moves; rounds that keep coming to nothing are an endpoint's trouble. */
export class Patience {
  #changing = 0;
  #behind = 0;

  /** What was read was not of one chain. @throws ArchiverError L1_UNSETTLED when that continues */
  changed(): void {
    if (++this.#changing < CHANGING_ROUNDS) return;
    throw new ArchiverError(
      ArchiverErrorCode.L1_UNSETTLED,
      `the L1 endpoint's answers contradicted each other ${this.#changing} times in a row: wait if L1 is being ` +
        "reorganised; otherwise the endpoint's servers disagree, so use another endpoint in ETHEREUM_HOST",
    );
  }

  /** The endpoint is not as far as it was before. @throws ArchiverError L1_BEHIND when that continues */
  behind({ number }: L1BlockRef): void {
    if (++this.#behind < BEHIND_ROUNDS) return;
    throw new ArchiverError(
      ArchiverErrorCode.L1_BEHIND,
      `L1 is at block ${number}, lower than before, and makes no progress: wait if the endpoint is catching up, or ` +
        "use another one in ETHEREUM_HOST",
      { l1Block: number },
    );
  }

  /** A round has followed all that L1 showed. */
  settled(): void {
    [this.#changing, this.#behind] = [0, 0];
  }
}
