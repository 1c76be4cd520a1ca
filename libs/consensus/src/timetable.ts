import { ConsensusError, ConsensusErrorCode } from "./consensus-error.js";

/** Steps of a proposer's slot, in order. */
export const slotSteps = ["sync", "build", "propose", "collect", "publish"] as const;
/** A step of a proposer's slot; the timetable names the latest moment at which each may begin. */
export type SlotStep = (typeof slotSteps)[number];

/** The latest moment, in milliseconds after the start of the slot, at which each step may still begin. */
export type Timetable = Readonly<Record<SlotStep, number>>;

/** What the steps of a slot take at most, ms: estimates of the operator, not rules of the protocol. */
export interface TimetableParameters {
  readonly slotMs: number;
  /** How long L1 takes to include a transaction, at most. */
  readonly l1InclusionMs: number;
  /** How long a gossiped message travels, at most. */
  readonly propagationMs: number;
  /** How long executing a full block takes, at most; validators need the same again. */
  readonly executionMs: number;
}

/**
 * Works backwards from the end of the slot: publish leaves time for L1; collecting needs a message out, re-execution
 * and a message back; building needs its execution before that.
 * @throws ConsensusError BAD_TIMETABLE when the slot is too short for it
 */
export function timetable(parameters: TimetableParameters): Timetable {
  const publish = parameters.slotMs - parameters.l1InclusionMs;
  const collect = publish;
  const propose = publish - 2 * parameters.propagationMs - parameters.executionMs;
  const build = propose - parameters.executionMs;
  if (build <= 0) {
    throw new ConsensusError(
      ConsensusErrorCode.BAD_TIMETABLE,
      `a slot of ${parameters.slotMs} ms leaves no time to build (the other steps need ` +
        `${parameters.slotMs - build} ms): lengthen the slots or lower the bounds on L1 inclusion, propagation and ` +
        "execution",
      { ...parameters },
    );
  }
  return { sync: build, build, propose, collect, publish };
}

/** Whether `step` may begin `elapsedMs` after the start of the slot. */
export function inTime(table: Timetable, step: SlotStep, elapsedMs: number): boolean {
  return elapsedMs <= table[step];
}
