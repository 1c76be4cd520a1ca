import { Bytes32, CodedError, L1BlockNumber } from "@sprtn/primitives";
import { expect } from "chai";
import { ArchiverErrorCode } from "./archiver-error.js";
import { TestNode } from "./test/node.js";

describe("archiver: trouble with L1", () => {
  let node: TestNode;
  beforeEach(async () => {
    node = await new TestNode().start();
  });
  afterEach(() => node.stop());

  it("warns once when L1 does not answer, says when it is back, and is not synced meanwhile", async () => {
    node.l1.down = true;
    for (let i = 0; i < 3; i++) await node.poll();
    expect(node.codes("warn")).to.deep.equal(["FAKE_L1_DOWN"]);
    expect(node.archiver.trouble()?.code).to.equal("FAKE_L1_DOWN");
    expect(node.archiver.synced()).to.equal(false);
    node.l1.down = false;
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(node.archiver.synced()).to.equal(true);
    expect(node.log.messages("info")).to.have.length(1);
    expect(node.archiver.trouble()).to.equal(undefined);
    expect(node.archiver.tips().pending.number).to.equal(1);
  });

  it("warns once of an endpoint whose servers disagree, while it is behind now and then", async () => {
    for (let i = 0; i < 3; i++) node.rollup.mine(turn => turn.propose());
    await node.poll();
    const { reader } = node;
    const { head } = reader;
    const newest = await head.call(reader);
    const below = await reader.block(L1BlockNumber(newest.number - 1));
    let isBehind = false;
    // Its head is of another branch, and the block of that number is not when it is asked for again.
    const other = { ...newest, hash: Bytes32(`0xdead${newest.hash.slice(6)}`) };
    reader.head = async () => (isBehind && below ? below : other);
    for (let i = 0; i < 20; i++) {
      isBehind = i % 2 === 1;
      await node.poll();
    }
    expect(node.codes("warn")).to.deep.equal([ArchiverErrorCode.L1_UNSETTLED]);
    expect(node.log.messages("info")).to.deep.equal([]);
    expect(node.archiver.trouble()?.code).to.equal(ArchiverErrorCode.L1_UNSETTLED);
    reader.head = head;
    await node.poll();
    expect(node.archiver.trouble()).to.equal(undefined);
    expect(node.archiver.synced()).to.equal(true);
  });

  it("says nothing of L1 when the disk was full", async () => {
    node.store.onWrite = () => {
      throw new CodedError("STORAGE_DISK_FULL", "the disk is full: free some space", {});
    };
    node.rollup.mine(turn => turn.propose());
    await node.poll();
    expect(node.archiver.trouble()?.code).to.equal("STORAGE_DISK_FULL");
    node.store.onWrite = () => "done";
    await node.poll();
    expect(node.archiver.synced()).to.equal(true);
    expect(node.archiver.trouble()).to.equal(undefined);
    const messages = node.log.messages();
    expect(messages).to.include("following L1 again");
    expect(messages.filter(message => /answers/.test(message))).to.deep.equal([]);
  });

  it("warns once when L1 fails in one way and then in another; wrong answers are another trouble", async () => {
    const { reader } = node;
    const { events, head } = reader;
    const fails = (code: string) => async () => {
      throw new CodedError(code, "it does not answer", {});
    };
    node.rollup.mine(turn => turn.propose());
    reader.events = fails("FAKE_RANGE_TOO_LARGE");
    await node.poll();
    reader.head = fails("FAKE_UNREACHABLE");
    await node.poll();
    expect(node.codes("warn")).to.deep.equal(["FAKE_RANGE_TOO_LARGE"]);
    expect(node.log.messages("info")).to.have.length(1);
    expect(node.archiver.trouble()?.code).to.equal("FAKE_UNREACHABLE");
    Object.assign(reader, { head, events: async () => [] });
    await node.poll();
    expect(node.codes("warn")).to.deep.equal(["FAKE_RANGE_TOO_LARGE", ArchiverErrorCode.L1_EVENTS_MISSING]);
    Object.assign(reader, { events });
    await node.poll();
    expect(node.archiver.synced()).to.equal(true);
  });
});
