import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import type { FeedText } from "@sprtn/ports";
import { expect } from "chai";
import { TestClock } from "../rpc-fixture.test.js";
import { EVENT_STREAM_LIMITS, EventStreams } from "./event-streams.js";

/** A connection of which nothing is read until a test says so. */
class SlowReader extends EventEmitter {
  readonly written: string[] = [];
  writableLength = 0;

  write(bytes: Buffer): boolean {
    this.written.push(String(bytes));
    this.writableLength += bytes.length;
    return false;
  }

  end(): void {
    this.emit("close");
  }

  read(): void {
    this.writableLength = 0;
    this.emit("drain");
  }
}

const setUp = () => {
  const listeners = new Set<(event: FeedText) => void>();
  const feed = {
    snapshot: () => "{}",
    since: () => [],
    subscribe: (listener: (event: FeedText) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  let seq = 0;
  const tell = (json: string) => {
    seq++;
    for (const listener of listeners) listener({ seq, json });
  };
  const streams = new EventStreams({ feed, clock: new TestClock() });
  const open = (address = "a") => {
    const reader = new SlowReader();
    streams.open(address, reader as unknown as ServerResponse, 0);
    reader.read();
    return reader;
  };
  return { streams, open, tell, listeners };
};

describe("streams of events", () => {
  it("LIMIT-38: keep little for who does not read, and tell the others", () => {
    const { open, tell } = setUp();
    const [slow, quick] = [open("a"), open("b")];
    const event = "x".repeat(10_000);
    for (let n = 0; n < 100; n++) {
      tell(event);
      quick.read();
    }
    expect(slow.writableLength).to.be.within(EVENT_STREAM_LIMITS.unsentBytes, EVENT_STREAM_LIMITS.unsentBytes + 11_000);
    expect(quick.written.filter(text => text.includes(event))).to.have.length(100);
  });

  it("tell who has caught up to fetch the state, once, and then go on with him", () => {
    const { open, tell } = setUp();
    const slow = open();
    const event = "x".repeat(EVENT_STREAM_LIMITS.unsentBytes);
    for (const _ of "1234") tell(event);
    const before = slow.written.length;
    slow.read();
    slow.read();
    expect(slow.written.slice(before)).to.deep.equal(["event: resync\ndata: {}\n\n"]);
    tell("{}");
    expect(slow.written.at(-1)).to.match(/^id: 5\ndata: {}\n\n$/);
  });

  it("LIMIT-38: have room for so many in all", () => {
    const { streams, open, listeners } = setUp();
    const { viewers } = EVENT_STREAM_LIMITS;
    const all = Array.from({ length: viewers }, (_, index) => open(`address ${index}`));
    expect(streams.hasRoomFor("another")).to.equal(false);
    all[0]?.end();
    expect(streams.hasRoomFor("another")).to.equal(true);
    expect(streams.viewers).to.equal(viewers - 1);
    expect(listeners.size).to.equal(1);
    streams.close();
    expect([streams.viewers, listeners.size]).to.deep.equal([0, 0]);
  });
});
