/**
 * Remembers the trouble that has been told of, so that a loop which fails again and again tells of each once: until it
 * is over, or becomes another.
 */
export class OngoingTrouble {
  #code: string | undefined;

  /** The code of the trouble that goes on; `undefined` while there is none. */
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
