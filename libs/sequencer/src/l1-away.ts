import { detailsOf } from "@sprtn/primitives";
import type { L1Away } from "@sprtn/ports";

/** Whether no L1 endpoint did its work: who follows L1 tells of that. */
export function isL1Away(error: unknown): boolean {
  return (detailsOf(error) as Partial<L1Away>).endpoints !== undefined;
}
