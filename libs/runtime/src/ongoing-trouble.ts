/**
 * Remembers the trouble that was reported last, so that a loop that keeps failing reports each trouble only once: until
 * it is over, or changes into another.
 */
export class OngoingTrouble {
  #code: string | undefined;

  /** The code of the ongoing trouble; `undefined` while there is none. */
  get code(): string | undefined {
    return this.#code;
  }

  /** Notes a failure; whether it is news. */
  isNew(code: string): boolean {
    const isNew = code !== this.#code;
    this.#code = code;
    return isNew;
  }

  /** Notes a success; the code of the trouble that it ends, `undefined` if there was none. */
  end(): string | undefined {
    const ended = this.#code;
    this.#code = undefined;
    return ended;
  }
}
