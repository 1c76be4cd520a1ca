import { concatBytes, fieldToHex, sha256ToField } from "@sprtn/primitives";
import type { CircuitName } from "@sprtn/ports";

/** Content hash of a job: what makes the queue idempotent. */
export function jobId(circuit: CircuitName, inputs: Uint8Array): string {
  return fieldToHex(sha256ToField(concatBytes(new TextEncoder().encode(`${circuit}\n`), inputs)));
}
