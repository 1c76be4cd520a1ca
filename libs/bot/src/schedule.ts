import { BotError, BotErrorCode } from "./bot-error.js";

/** A stretch of steady load. */
export interface RatePhase {
  /** 0 pauses. */
  readonly txPerSecond: number;
  /** `undefined`: without end; only the last phase may have this. */
  readonly seconds: number | undefined;
}

/** @throws BotError BAD_SCHEDULE */
export function checkSchedule(schedule: readonly RatePhase[]): void {
  const bad = (what: string) => new BotError(BotErrorCode.BAD_SCHEDULE, `this schedule cannot run: ${what}`, { what });
  if (schedule.length === 0) throw bad("it has no phase");
  schedule.forEach(({ txPerSecond, seconds }, i) => {
    if (!(txPerSecond >= 0 && Number.isFinite(txPerSecond))) throw bad(`phase ${i + 1} has a rate of ${txPerSecond}`);
    if (seconds === undefined && i < schedule.length - 1) throw bad(`phase ${i + 1} never ends, but others follow`);
    if (seconds !== undefined && !(seconds > 0 && Number.isFinite(seconds)))
      throw bad(`phase ${i + 1} lasts ${seconds} s`);
  });
}

/**
 * When to send, in ms since the start, ascending: the first at once, then as often as the rate of the moment says. Ends
 * with the schedule.
 */
export function* sendTimes(schedule: readonly RatePhase[]): Generator<number, void, undefined> {
  let startMs = 0;
  /** The part of a transaction that has come due since the last one. */
  let due = 1;
  for (const { txPerSecond, seconds } of schedule) {
    const lengthMs = seconds === undefined ? Number.POSITIVE_INFINITY : 1000 * seconds;
    if (txPerSecond > 0) {
      const everyMs = 1000 / txPerSecond;
      const firstMs = (1 - due) * everyMs;
      let count = 0;
      for (; firstMs + count * everyMs < lengthMs; count++) yield startMs + firstMs + count * everyMs;
      due = 1 - (firstMs + count * everyMs - lengthMs) / everyMs;
    } else if (lengthMs === Number.POSITIVE_INFINITY) {
      return;
    }
    startMs += lengthMs;
  }
}

/** The rate at `ms` since the start; 0 after the end. */
export function rateAt(schedule: readonly RatePhase[], ms: number): number {
  let endMs = 0;
  for (const { txPerSecond, seconds } of schedule) {
    endMs += seconds === undefined ? Number.POSITIVE_INFINITY : 1000 * seconds;
    if (ms < endMs) return txPerSecond;
  }
  return 0;
}
