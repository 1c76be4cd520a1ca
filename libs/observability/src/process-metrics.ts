import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock, Meter, Service } from "@sprtn/ports";
import { Loop } from "@sprtn/runtime";

/** Where samples go, and where a failed sample is reported. */
export interface ProcessMetricsDependencies {
  readonly meter: Meter;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** What a process used when it was last sampled. */
export interface ProcessUse {
  readonly uptimeSeconds: number;
  readonly residentBytes: number;
  /** Cores in use since the sample before, on average. */
  readonly cores: number;
  /** 99th percentile of how late the event loop was since the sample before, ms. */
  readonly loopLagMs: number;
}

/** What the process uses of the machine, sampled every `intervalMs`. */
export class ProcessMetrics implements Service {
  readonly #loop: Loop;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #resident;
  readonly #heap;
  readonly #cpu;
  readonly #lag;
  readonly #clock: Clock;
  /** Microseconds of CPU that are counted already. */
  #countedUs = 0;
  /** At the last sample, or when this was made: what a start costs says nothing about what comes. */
  #usedUs: number;
  #sampledMs: number;
  #use: ProcessUse = { uptimeSeconds: 0, residentBytes: 0, cores: 0, loopLagMs: 0 };

  constructor({ meter, clock, onError }: ProcessMetricsDependencies, settings: { readonly intervalMs: number }) {
    this.#clock = clock;
    this.#sampledMs = clock.steadyMs();
    const { user, system } = process.cpuUsage();
    this.#usedUs = user + system;
    this.#resident = meter.gauge({
      name: "sprtn_process_resident_memory_bytes",
      help: "Resident memory of the process",
    });
    this.#heap = meter.gauge({ name: "sprtn_process_heap_used_bytes", help: "JavaScript objects" });
    this.#cpu = meter.counter({
      name: "sprtn_process_cpu_seconds_total",
      help: "CPU time spent, user and system, all threads",
    });
    this.#lag = meter.gauge({
      name: "sprtn_process_event_loop_lag_seconds",
      help: "Delay of the event loop since the last sample",
      labels: ["stat"],
    });
    this.#loop = new Loop({ clock, step: async () => this.sample(), onError }, settings);
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#delay.enable();
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    this.#delay.disable();
    await this.#loop.stop();
  }

  /** The last sample; zeros before the first. */
  get use(): ProcessUse {
    return this.#use;
  }

  /** Takes one sample now. */
  sample(): void {
    const { rss, heapUsed } = process.memoryUsage();
    this.#resident.set(rss);
    this.#heap.set(heapUsed);
    const { user, system } = process.cpuUsage();
    this.#cpu.add((user + system - this.#countedUs) / 1e6);
    this.#countedUs = user + system;
    const nowMs = this.#clock.steadyMs();
    const spanMs = nowMs - this.#sampledMs;
    this.#use = {
      uptimeSeconds: process.uptime(),
      residentBytes: rss,
      cores: spanMs > 0 ? (user + system - this.#usedUs) / 1000 / spanMs : 0,
      loopLagMs: 1000 * seconds(this.#delay.percentile(99)),
    };
    this.#sampledMs = nowMs;
    this.#usedUs = user + system;
    this.#lag.set(seconds(this.#delay.percentile(50)), { stat: "p50" });
    this.#lag.set(seconds(this.#delay.percentile(99)), { stat: "p99" });
    this.#lag.set(this.#delay.count === 0 ? 0 : seconds(this.#delay.max), { stat: "max" });
    this.#delay.reset();
  }
}

/** Percentiles of nothing are not numbers. */
function seconds(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0;
}
