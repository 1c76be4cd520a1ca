/** Turns of the event loop in which whoever got the last answers has asked on. */
const TURNS = 5;

/** A timer, because pages have no other way to wait for a turn. */
const nextTurn = () => new Promise(resolve => setTimeout(resolve));

/**
 * Counts how often somebody who asks has to wait for answers before he can ask on: calls go through in waves, all those
 * that wait when nothing else is under way. On a remote endpoint each wave costs a round trip.
 */
export class Waves {
  count = 0;
  #waiting: (() => void)[] = [];
  #running = 0;
  #released = false;

  async through<T>(call: () => Promise<T>): Promise<T> {
    await new Promise<void>(resolve => {
      this.#waiting.push(resolve);
      void this.#release();
    });
    try {
      return await call();
    } finally {
      this.#running--;
      void this.#release();
    }
  }

  async #release(): Promise<void> {
    if (this.#released || this.#running > 0) return;
    this.#released = true;
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    this.#released = false;
    const wave = this.#waiting.splice(0);
    if (wave.length === 0) return;
    this.count++;
    this.#running += wave.length;
    for (const resolve of wave) resolve();
  }
}
