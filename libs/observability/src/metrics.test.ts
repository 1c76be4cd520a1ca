import { ManualClock } from "@sprtn/runtime";
import { RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { ProcessMetrics, PrometheusMeter } from "./index.js";
import { systemClock, systemRandom } from "./system.js";

describe("PrometheusMeter", () => {
  it("shows what was counted, set and observed", async () => {
    const meter = new PrometheusMeter();
    meter.counter({ name: "sprtn_blocks_total", help: "Blocks" }).add(2);
    const labelled = meter.counter({ name: "sprtn_txs_total", help: "Txs", labels: ["kind"] });
    labelled.add(1, { kind: "private" });
    meter.counter({ name: "sprtn_txs_total", help: "Txs", labels: ["kind"] }).add(2, { kind: "private" });
    meter.gauge({ name: "sprtn_peers", help: "Peers" }).set(-1.5);
    meter.histogram({ name: "sprtn_build_seconds", help: "Building", buckets: [0.1, 1] }).observe(0.5);
    const text = await meter.metricsText();
    for (const line of [
      "sprtn_blocks_total 2",
      'sprtn_txs_total{kind="private"} 3',
      "sprtn_peers -1.5",
      'sprtn_build_seconds_bucket{le="0.1"} 0',
      'sprtn_build_seconds_bucket{le="1"} 1',
      "sprtn_build_seconds_sum 0.5",
      "# HELP sprtn_peers Peers",
    ])
      expect(text.split("\n")).to.include(line);
    expect(meter.contentType).to.contain("text/plain");
  });

  it("has a registry of its own", async () => {
    const other = new PrometheusMeter();
    new PrometheusMeter().gauge({ name: "sprtn_peers", help: "Peers" }).set(1);
    expect((await other.metricsText()).trim()).to.equal("");
  });

  it("refuses a clash, a bad metric and a bad value", () => {
    const meter = new PrometheusMeter();
    const counter = meter.counter({ name: "a_total", help: "A" });
    const gauge = meter.gauge({ name: "g", help: "G" });
    const histogram = meter.histogram({ name: "h", help: "H", buckets: [1] });
    const codes = {
      METRIC_CLASH: [
        () => meter.gauge({ name: "a_total", help: "A" }),
        () => meter.counter({ name: "a_total", help: "A", labels: ["x"] }),
        () => meter.histogram({ name: "h", help: "H", buckets: [2] }),
      ],
      BAD_METRIC: [
        () => meter.counter({ name: "no good", help: "A" }),
        () => meter.counter({ name: "b_total", help: "" }),
        () => meter.counter({ name: "c_total", help: "C", labels: ["no good"] }),
      ],
      BAD_VALUE: [
        () => counter.add(-1),
        () => counter.add(Number.NaN),
        () => gauge.set(Number.NaN),
        () => histogram.observe(Number.NaN),
      ],
    };
    for (const [code, actions] of Object.entries(codes))
      for (const action of actions)
        expect(action, String(action)).to.throw().with.property("code", `OBSERVABILITY_${code}`);
  });
});

describe("ProcessMetrics", () => {
  it("samples the process on the clock", async () => {
    const clock = new ManualClock();
    const meter = new RecordingMeter();
    const errors: unknown[] = [];
    const metrics = new ProcessMetrics({ meter, clock, onError: error => errors.push(error) }, { intervalMs: 1000 });
    await metrics.start(new AbortController().signal);
    await clock.advance(3000);
    await metrics.stop();
    await metrics.stop();
    expect(meter.value("sprtn_process_resident_memory_bytes")).to.be.above(2 ** 20);
    expect(meter.value("sprtn_process_heap_used_bytes")).to.be.above(2 ** 20);
    expect(meter.value("sprtn_process_cpu_seconds_total")).to.be.above(0);
    expect(meter.value("sprtn_process_event_loop_lag_seconds", { stat: "p99" })).to.be.at.least(0);
    expect([errors, clock.pendingTimers]).to.deep.equal([[], 0]);
  });

  it("says what the process used since the sample before", async () => {
    const clock = new ManualClock();
    const metrics = new ProcessMetrics({ meter: new RecordingMeter(), clock, onError: () => {} }, { intervalMs: 1000 });
    expect(metrics.use).to.deep.equal({ uptimeSeconds: 0, residentBytes: 0, cores: 0, loopLagMs: 0 });
    /** Takes a second of the clock, and so much of the processor. */
    const work = async (ms: number) => {
      const { user, system } = process.cpuUsage();
      for (;;) {
        const now = process.cpuUsage();
        if (now.user + now.system - user - system >= 1000 * ms) break;
      }
      await clock.advance(1000);
      metrics.sample();
      return metrics.use;
    };
    const busy = await work(100);
    expect(busy.cores).to.be.within(0.1, 0.5);
    expect(busy.residentBytes).to.be.above(2 ** 20);
    expect(busy.uptimeSeconds).to.be.above(0);
    // What was used before counts no more.
    expect((await work(1)).cores).to.be.below(busy.cores);
  });
});

describe("system", () => {
  it("the clock tells the time, calls back, and not what was cancelled or is far away", async () => {
    expect(systemClock.nowMs()).to.be.closeTo(Date.now(), 1000);
    let called = 0;
    const cancels = [systemClock.schedule(0, () => called++), systemClock.schedule(2 ** 40, () => called++)];
    for (const cancel of cancels) cancel();
    await new Promise<void>(resolve => systemClock.schedule(-5, resolve));
    expect(called).to.equal(0);
  });

  it("randomness comes in any length and does not repeat", () => {
    expect([0, 1, 200_000].map(length => systemRandom.bytes(length).length)).to.deep.equal([0, 1, 200_000]);
    expect(systemRandom.bytes(32)).not.to.deep.equal(systemRandom.bytes(32));
    expect(
      systemRandom
        .bytes(200_000)
        .subarray(-32)
        .some(byte => byte !== 0),
    ).to.equal(true);
  });
});
