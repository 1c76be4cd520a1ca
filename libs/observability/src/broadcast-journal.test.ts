import { BlockNumber, Slot } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { BroadcastJournal } from "./broadcast-journal.js";

const activity = { type: "proposal", slot: Slot(4), block: BlockNumber(3), txs: 2 } as const;

describe("BroadcastJournal", () => {
  it("tells each reader at once, with the clock's time, until it unsubscribes", () => {
    const clock = new ManualClock(5_000);
    const journal = new BroadcastJournal({ clock, logger: new MemoryLogger() });
    const [first, second]: [unknown[], unknown[]] = [[], []];
    const end = journal.subscribe(told => first.push(told));
    journal.subscribe(told => second.push(told));
    journal.record(activity);
    end();
    clock.jump(1_000);
    journal.record(activity);
    expect(first).to.deep.equal([{ ...activity, atMs: 5_000 }]);
    expect(second).to.deep.equal([
      { ...activity, atMs: 5_000 },
      { ...activity, atMs: 6_000 },
    ]);
  });

  it("lets no reader that fails stop the work, or another reader", () => {
    const logger = new MemoryLogger();
    const journal = new BroadcastJournal({ clock: new ManualClock(0), logger });
    const told: unknown[] = [];
    journal.subscribe(() => {
      throw new Error("no room");
    });
    journal.subscribe(one => told.push(one));
    journal.record(activity);
    expect(told).to.have.length(1);
    expect(logger.lines("error")).to.have.length(1);
  });
});
