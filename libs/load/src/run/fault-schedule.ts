import type { Clock, Logger } from "@sprtn/ports";
import { codeOf, messageOf } from "@sprtn/primitives";
import { isAbortError, sleep } from "@sprtn/runtime";
import { LoadErrorCode } from "../load-error.js";
import type { LoadReport } from "../report/load-report.js";
import type { ScenarioFault } from "../scenario/scenario.js";
import { spanMs, type SpanRules } from "../scenario/span.js";
import type { FaultControl } from "./fault-control.js";

type FaultRecord = LoadReport["faults"][number];

/** Makes a scenario's faults at their moments, and heals every one, also when the run is stopped. */
export class FaultSchedule {
  readonly records: FaultRecord[] = [];
  readonly #dependencies: { readonly control: FaultControl; readonly clock: Clock; readonly logger: Logger };

  constructor(
    dependencies: { readonly control: FaultControl; readonly clock: Clock; readonly logger: Logger },
    private readonly options: {
      readonly faults: readonly ScenarioFault[];
      readonly rules: SpanRules;
      /** `clock.steadyMs` of the first payment that counts. */
      readonly startAt: number;
    },
  ) {
    this.#dependencies = dependencies;
  }

  /** Until all faults are healed; never rejects. After the signal none begins, and those that last end. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.options.faults.map(fault => this.#run(fault, signal)));
  }

  async #run(fault: ScenarioFault, signal: AbortSignal): Promise<void> {
    const { clock, control, logger } = this.#dependencies;
    const { rules, startAt } = this.options;
    const node = "node" in fault ? fault.node : null;
    try {
      await sleep(clock, Math.max(0, startAt + spanMs(fault.at, rules) - clock.steadyMs()), signal);
    } catch {
      const atMs = clock.steadyMs() - startAt;
      const text = "the run ended before its moment: let the phases last longer, or make it earlier";
      this.records.push({
        do: fault.do,
        node,
        fromMs: atMs,
        toMs: atMs,
        trouble: { code: LoadErrorCode.NOT_REACHED, text },
      });
      return;
    }
    const fromMs = clock.steadyMs() - startAt;
    let trouble: FaultRecord["trouble"] = null;
    const failed = (error: unknown) => {
      trouble = { code: codeOf(error), text: messageOf(error).slice(0, 2_000) };
      logger.warn("a fault could not be made or healed", { fault: fault.do, node, ...trouble });
    };
    logger.info("fault", { fault: fault.do, node });
    try {
      const running = await control.begin(fault, signal);
      try {
        if ("for" in fault) await sleep(clock, spanMs(fault.for, rules), signal);
      } catch (error) {
        if (!isAbortError(error)) throw error;
      } finally {
        await running.heal();
      }
      logger.info("healed", { fault: fault.do, node });
    } catch (error) {
      failed(error);
    }
    this.records.push({ do: fault.do, node, fromMs, toMs: clock.steadyMs() - startAt, trouble });
  }
}
