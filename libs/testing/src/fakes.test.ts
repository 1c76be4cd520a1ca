import { expect } from "chai";
import { MemoryLogger, RecordingMeter, SeededRandom } from "./index.js";

describe("SeededRandom", () => {
  it("repeats itself by seed; forks depend on seed and label alone", () => {
    const [a, b] = [new SeededRandom(7), new SeededRandom(7)];
    expect(a.bytes(20)).to.deep.equal(b.bytes(20));
    expect(a.bytes(5).length).to.equal(5);
    expect(a.fork("x").bytes(16)).to.deep.equal(new SeededRandom(7).fork("x").bytes(16));
    const distinct = new Set(
      [new SeededRandom(8), new SeededRandom(7), a.fork("x"), a.fork("y"), a.fork("xy"), a.fork("yx")].map(random =>
        random.bytes(16).join(),
      ),
    );
    expect(distinct.size).to.equal(6);
  });

  it("spreads over all bytes", () => {
    const counts = new Uint32Array(256);
    for (const byte of new SeededRandom(1).bytes(256_000)) counts[byte] = (counts[byte] as number) + 1;
    expect(Math.min(...counts)).to.be.above(800);
    expect(Math.max(...counts)).to.be.below(1200);
  });
});

describe("MemoryLogger", () => {
  it("keeps lines of itself and its children, up to its bound", () => {
    const logger = new MemoryLogger("node", { slot: 1 }, { maxLines: 3 });
    logger.debug("gone");
    logger.warn("w", { peer: "b" });
    logger.child("p2p", { slot: 2 }).info("i");
    logger.error("e");
    expect(logger.lines()).to.deep.equal([
      { level: "warn", module: "node", message: "w", fields: { slot: 1, peer: "b" } },
      { level: "info", module: "node:p2p", message: "i", fields: { slot: 2 } },
      { level: "error", module: "node", message: "e", fields: { slot: 1 } },
    ]);
    expect(logger.messages("info")).to.deep.equal(["i"]);
  });
});

describe("RecordingMeter", () => {
  it("adds up, keeps the last, lists what was observed, by labels in any order", () => {
    const meter = new RecordingMeter();
    const counter = meter.counter({ name: "c", help: "", labels: ["x", "y"] });
    counter.add(1, { x: "1", y: "2" });
    meter.counter({ name: "c", help: "", labels: ["x", "y"] }).add(2, { y: "2", x: "1" });
    meter.gauge({ name: "g", help: "" }).set(4);
    const histogram = meter.histogram({ name: "h", help: "", buckets: [1] });
    histogram.observe(1);
    histogram.observe(3);
    expect([
      meter.value("c", { x: "1", y: "2" }),
      meter.value("c"),
      meter.value("g"),
      meter.observations("h"),
      meter.observations("g"),
    ]).to.deep.equal([3, undefined, 4, [1, 3], []]);
  });
});
