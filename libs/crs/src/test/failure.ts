import { codeOf, messageOf } from "@sprtn/primitives";
import { expect } from "chai";

/** What `promise` rejects with, which it must. */
export async function failure(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  return promise.then(
    () => expect.fail("it should have failed"),
    error => ({ code: codeOf(error), message: messageOf(error) }),
  );
}
