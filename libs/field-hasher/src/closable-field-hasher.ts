import type { FieldHasher } from "@sprtn/primitives";

/** A hasher that holds memory or a process until it is closed. */
export interface ClosableFieldHasher extends FieldHasher {
  close(): void;
}
