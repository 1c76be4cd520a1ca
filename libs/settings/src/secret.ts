const shown = "[secret]";

/** A value that no log, error, JSON or inspection shows; only {@link reveal} hands it out. */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  get [Symbol.toStringTag](): string {
    return "Secret";
  }

  /** What node's console and `util.inspect` print. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return shown;
  }
}
