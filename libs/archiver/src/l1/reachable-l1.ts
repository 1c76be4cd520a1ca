import { CodedError, codeOf, messageOf } from "@sprtn/primitives";
import type { L1Changed, L1Reader } from "@sprtn/ports";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";

/** `l1`, its errors told apart from the node's own: @throws ArchiverError L1_UNREACHABLE */
export function reachableL1(l1: L1Reader): L1Reader {
  return {
    head: () => guard("head", () => l1.head()),
    finalized: () => guard("finalized", () => l1.finalized()),
    block: number => guard("block", () => l1.block(number)),
    events: (from, to) => guard("events", () => l1.events(from, to)),
    stateAt: block => guard("stateAt", () => l1.stateAt(block)),
    turnAway: () => l1.turnAway(),
  };
}

async function guard<T>(method: keyof L1Reader, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new ArchiverError(
      ArchiverErrorCode.L1_UNREACHABLE,
      "L1 cannot be read: check the L1 endpoints (ETHEREUM_HOST); the archiver continues when one answers correctly " +
        `again (${messageOf(cause)})`,
      { method, causeCode: codeOf(cause, ArchiverErrorCode.L1_UNREACHABLE), ...changedOf(cause) },
      { cause },
    );
  }
}

function changedOf(cause: unknown): L1Changed | undefined {
  const { payload } = cause instanceof CodedError ? (cause as CodedError<string, Partial<L1Changed>>) : {};
  return payload?.changed === true ? { changed: true } : undefined;
}

/** Whether a call came to nothing because L1 changed meanwhile. */
export function isL1Changed(error: unknown): boolean {
  return error instanceof ArchiverError && error.payload.changed === true;
}
