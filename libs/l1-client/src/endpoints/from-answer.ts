import { messageOf } from "@sprtn/primitives";
import { L1Error, L1ErrorCode } from "../l1-error.js";

/**
 * What `read` makes of an answer that has the right form. What it cannot read is no value of a working L1 node.
 * @throws L1Error BAD_ANSWER; L1's own errors pass
 */
export function fromAnswer<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof L1Error) throw error;
    const text = `an L1 endpoint answers ${what} with a value that cannot be (${messageOf(error)}): use another one`;
    throw new L1Error(L1ErrorCode.BAD_ANSWER, text);
  }
}
