import { expect } from "chai";

/** The error that `promise` rejects with. */
export function errorOf(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; payload?: { remoteCode?: string } }> {
  return promise.then(
    () => expect.fail("no error"),
    (error: Error) => error,
  );
}

export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return (await errorOf(promise)).code;
}
