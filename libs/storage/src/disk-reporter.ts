import type { Logger } from "@sprtn/ports";
import type { StorageError } from "./storage-error.js";

/** Tells the operator once that stores cannot be written, with what to do, and once that all of them can again. */
export class DiskReporter {
  readonly #failing = new Set<string>();

  constructor(private readonly logger: Logger) {}

  failed(store: string, { code, message }: StorageError): void {
    const first = this.#failing.size === 0;
    this.#failing.add(store);
    if (first)
      this.logger.warn("data cannot be written: this node continues once it can", { store, code, reason: message });
    else this.logger.debug("data cannot be written", { store, code });
  }

  healed(store: string): void {
    this.#failing.delete(store);
    if (this.#failing.size === 0) this.logger.info("data can be written again", { store });
  }
}
