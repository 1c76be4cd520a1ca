import type { ScenarioFault } from "../scenario/scenario.js";

/** A fault that has begun. */
export interface RunningFault {
  /** Heals it; resolves when what was broken works again. */
  heal(): Promise<void>;
}

/** Breaks parts of the network that the load goes to, and heals them. All methods throw coded errors. */
export interface FaultControl {
  /** Whether it can make this fault at all, without making it. */
  check(fault: ScenarioFault): Promise<void>;
  begin(fault: ScenarioFault, signal: AbortSignal): Promise<RunningFault>;
}
