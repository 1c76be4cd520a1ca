import { detailsOf } from "@sprtn/primitives";
import type { L1Away } from "@sprtn/ports";

/** Whether all L1 endpoints failed: whatever follows L1 reports that. */
export function isL1Away(error: unknown): boolean {
  return (detailsOf(error) as Partial<L1Away>).endpoints !== undefined;
}
