import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FeedFrame } from "@sprtn/ports";
import { CodedError } from "@sprtn/primitives";
import { expect } from "chai";
import { createFeedReader } from "./feed-reader.js";
import { RpcErrorCode } from "./rpc-error.js";
import { RpcFixture } from "./rpc-fixture.test.js";
import { ScriptedFeed } from "./ui/scripted-feed.test.js";

const never = new AbortController().signal;

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof CodedError ? error.code : String(error);
}

async function take(frames: AsyncIterable<FeedFrame>, count: number): Promise<FeedFrame[]> {
  const taken: FeedFrame[] = [];
  for await (const frame of frames) {
    taken.push(frame);
    if (taken.length === count) break;
  }
  return taken;
}

describe("createFeedReader", () => {
  let feed: ScriptedFeed;
  let fixture: RpcFixture;
  let hostile: Server | undefined;

  beforeEach(async () => {
    feed = new ScriptedFeed();
    fixture = new RpcFixture({}, {}, { page: { files: { file: () => undefined }, feed } });
    await fixture.server.start();
  });
  afterEach(async () => {
    await fixture.server.stop();
    hostile?.closeAllConnections();
    hostile?.close();
    hostile = undefined;
  });

  async function serve(listener: RequestListener): Promise<string> {
    hostile = createServer(listener).listen(0, "127.0.0.1");
    await once(hostile, "listening");
    return `http://127.0.0.1:${(hostile.address() as AddressInfo).port}`;
  }

  it("reads the state, what came since, and what comes", async () => {
    const reader = createFeedReader(`${fixture.server.url}/`);
    expect(await reader.snapshot(never)).to.equal(feed.state);
    const frames = reader.frames(1, never)[Symbol.asyncIterator]();
    const next = async () => (await frames.next()).value as FeedFrame;
    expect((await next()).kind).to.equal("time");
    expect([await next(), await next()]).to.deep.equal([2, 3].map(seq => ({ kind: "event", json: `{"seq":${seq}}` })));
    feed.tell('{"seq":4,"text":"\\n"}');
    expect(await next()).to.deep.equal({ kind: "event", json: '{"seq":4,"text":"\\n"}' });
    await frames.return?.(undefined);
  });

  it("tells that events were missed", async () => {
    expect(await take(createFeedReader(fixture.server.url).frames(99, never), 1)).to.deep.equal([{ kind: "resync" }]);
  });

  it("ends when it is aborted, with the reason", async () => {
    const controller = new AbortController();
    const frames = createFeedReader(fixture.server.url).frames(3, controller.signal)[Symbol.asyncIterator]();
    await frames.next();
    const next = frames.next();
    controller.abort(new Error("enough"));
    expect(await codeOf(next)).to.equal("Error: enough");
  });

  it("says what is no node with a page, and where nobody answers", async () => {
    const bare = await serve((_, response) => response.writeHead(404).end());
    const reader = createFeedReader(bare);
    expect(await codeOf(reader.snapshot(never))).to.equal(RpcErrorCode.BAD_ANSWER);
    expect(await codeOf(take(reader.frames(0, never), 1))).to.equal(RpcErrorCode.BAD_ANSWER);
    hostile?.close();
    hostile?.closeAllConnections();
    expect(await codeOf(reader.snapshot(never))).to.equal(RpcErrorCode.UNREACHABLE);
    expect(() => createFeedReader("ftp://node"))
      .to.throw(CodedError)
      .with.property("code", RpcErrorCode.BAD_URL);
  });

  it("LIMIT-35: reads no state and no event without end", async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const chunk = Buffer.alloc(1024 * 1024, "x");
      if (request.url !== "/ui/snapshot") response.write("data: ");
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const reader = createFeedReader(url);
    expect(await codeOf(reader.snapshot(never))).to.equal(RpcErrorCode.BAD_ANSWER);
    expect(await codeOf(take(reader.frames(0, never), 1))).to.equal(RpcErrorCode.BAD_ANSWER);
  });

  it("passes over what it does not know", async () => {
    const url = await serve((_, response) =>
      response.end('event: later\ndata: {}\n\nevent: time\ndata: {"atMs":"x"}\n\nevent: time\ndata: {"atMs":5}\n\n'),
    );
    expect(await take(createFeedReader(url).frames(0, never), 9)).to.deep.equal([{ kind: "time", atMs: 5 }]);
  });
});
