import { E2eError, E2eErrorCode } from "../e2e-error.js";

/** @throws INVARIANT unless `holds` */
export function assertInvariant(id: string, holds: boolean, found: string): asserts holds {
  if (!holds) throw new E2eError(E2eErrorCode.INVARIANT, `${id} is broken: ${found}`);
}
