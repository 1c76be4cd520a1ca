import { get as httpGet, type IncomingMessage } from "node:http";
import type { PageFile } from "@sprtn/ports";
import { expect } from "chai";
import { RpcErrorCode } from "../rpc-error.js";
import { RpcFixture } from "../rpc-fixture.test.js";
import { EVENT_STREAM_LIMITS } from "./event-streams.js";
import { ScriptedFeed } from "./scripted-feed.test.js";

const file = (text: string, type: string, immutable = false): PageFile => ({
  bytes: Buffer.from(text),
  type,
  immutable,
});

/** One who follows the events. */
class Follower {
  text = "";
  readonly #news = new Set<() => void>();

  constructor(
    readonly response: IncomingMessage,
    private readonly request: { destroy(): void },
  ) {
    response.setEncoding("utf8");
    response.on("data", (data: string) => {
      this.text += data;
      for (const tell of this.#news) tell();
    });
  }

  async sees(part: string): Promise<void> {
    while (!this.text.includes(part))
      await new Promise<void>(resolve => {
        const once = () => (this.#news.delete(once), resolve());
        this.#news.add(once);
      });
  }

  leave(): void {
    this.request.destroy();
  }
}

describe("the page of a node, over HTTP", () => {
  const feed = { current: new ScriptedFeed() };
  let fixture: RpcFixture;
  const followers: Follower[] = [];

  beforeEach(async () => {
    feed.current = new ScriptedFeed();
    const files: Readonly<Record<string, PageFile>> = {
      "/": file('<script id="snapshot" type="application/json"><!--snapshot--></script>', "text/html; charset=utf-8"),
      "/ui/a-1.js": file("let a = 1;".repeat(50), "text/javascript; charset=utf-8", true),
      "/secret.html": file("not a page of its own", "text/html; charset=utf-8"),
    };
    fixture = new RpcFixture({}, {}, { page: { files: { file: path => files[path] }, feed: feed.current } });
    await fixture.server.start();
  });

  afterEach(async () => {
    for (const follower of followers.splice(0)) follower.leave();
    await fixture.server.stop();
  });

  async function follow(path = "/ui/events?since=3", headers: Record<string, string> = {}): Promise<Follower> {
    const request = httpGet(fixture.server.url + path, { headers, agent: false });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once("response", resolve).once("error", reject);
    });
    // What a stop or a leave does to it afterwards is expected.
    request.on("error", () => {});
    response.on("error", () => {});
    const follower = new Follower(response, request);
    followers.push(follower);
    return follower;
  }

  it("has the state in it, and nothing that it says ends the script or is a pattern", async () => {
    const { status, type, text } = await fixture.get("/");
    expect([status, type]).to.deep.equal([200, "text/html; charset=utf-8"]);
    const inlined = /<script id="snapshot" type="application\/json">(.*)<\/script>$/.exec(text)?.[1] ?? "";
    expect(inlined).not.to.contain("<");
    expect(JSON.parse(inlined)).to.deep.equal(JSON.parse(feed.current.state));
  });

  it("may load from its node alone, and be framed by nobody", async () => {
    for (const path of ["/", "/ui/a-1.js", "/ui/snapshot"]) {
      const { headers } = await fetch(fixture.server.url + path);
      expect(headers.get("content-security-policy"), path).to.equal(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      );
      expect(headers.get("x-content-type-options")).to.equal("nosniff");
      expect(headers.get("referrer-policy")).to.equal("no-referrer");
      expect(headers.get("cross-origin-opener-policy")).to.equal("same-origin");
      expect(headers.get("cross-origin-resource-policy")).to.equal("same-origin");
    }
  });

  it("gives the files that were built, compressed for who can read that, and no others", async () => {
    const plain = await fetch(`${fixture.server.url}/ui/a-1.js`, { headers: { "accept-encoding": "identity" } });
    expect(plain.headers.get("content-encoding")).to.equal(null);
    expect(plain.headers.get("cache-control")).to.equal("public, max-age=31536000, immutable");
    const zipped = await fetch(`${fixture.server.url}/ui/a-1.js?v=1`, { headers: { "accept-encoding": "gzip" } });
    expect(zipped.headers.get("content-encoding")).to.equal("gzip");
    expect(await zipped.text()).to.equal(await plain.text());
    for (const path of ["/ui/b.js", "/ui/", "/secret.html", "/ui/%2e%2e/secret.html", "/ui/", "/index.html"])
      expect((await fixture.get(path)).status, path).to.equal(404);
  });

  it("is not there under another name, and takes nothing posted", async () => {
    const response = await new Promise<IncomingMessage>(resolve => {
      httpGet(`${fixture.server.url}/ui/snapshot`, { headers: { host: "evil.example" } }, resolve);
    });
    response.resume();
    expect(response.statusCode).to.equal(421);
    expect((await fixture.call("node_getNodeInfo")).error.data.code).not.to.equal(undefined);
  });

  it("gives the state anew to who has missed events", async () => {
    const { status, type, text } = await fixture.get("/ui/snapshot");
    expect([status, type, text]).to.deep.equal([200, "application/json; charset=utf-8", feed.current.state]);
  });

  it("tells what came since, and then what comes", async () => {
    const follower = await follow("/ui/events?since=1");
    expect(follower.response.headers["content-type"]).to.equal("text/event-stream");
    await follower.sees("id: 3\n");
    feed.current.tell('{"seq":4}');
    await follower.sees("id: 4\n");
    expect(follower.text.replace(/event: time\n.*\n\n/, "")).to.equal(
      [2, 3, 4].map(seq => `id: ${seq}\ndata: {"seq":${seq}}\n\n`).join(""),
    );
  });

  it("goes on where a browser that comes back says that it was", async () => {
    const follower = await follow("/ui/events?since=0", { "last-event-id": "2" });
    await follower.sees("id: 3\n");
    expect(follower.text).not.to.contain("id: 2\n");
  });

  for (const [what, query] of [
    ["says nothing", ""],
    ["was at an event that is gone", "?since=99"],
    ["says what is no number", "?since=-1"],
    ["says it twice", "?since=1&since=2"],
    ["says a number that is none of this node's", "?since=99999999999999999999"],
  ] as const)
    it(`tells who ${what} to fetch the state`, async () => {
      const follower = await follow(`/ui/events${query}`);
      await follower.sees("event: resync\n");
      expect(follower.text).not.to.contain("id: ");
    });

  it("LIMIT-38: tells who has missed more than a state's worth to fetch the state", async () => {
    for (let n = 0; n < EVENT_STREAM_LIMITS.resumed; n++) feed.current.tell();
    const resumed = await follow("/ui/events?since=3");
    await resumed.sees(`id: ${EVENT_STREAM_LIMITS.resumed + 3}\n`);
    const late = await follow("/ui/events?since=2");
    await late.sees("event: resync\n");
    expect(late.text).not.to.contain("id: ");
  });

  it("says its time when there is nothing to tell", async () => {
    const follower = await follow();
    fixture.clock.nowValueMs = 1_234_567;
    fixture.clock.fireAll();
    await follower.sees('event: time\ndata: {"atMs":1234567}\n\n');
  });

  it("LIMIT-38: has places for a number of viewers of an address, and gives them back", async () => {
    const all = [];
    for (let n = 0; n < EVENT_STREAM_LIMITS.viewersPerAddress; n++) all.push(await follow());
    const refused = await fixture.get("/ui/events");
    expect(refused.status).to.equal(503);
    expect(JSON.parse(refused.text).error.data.code).to.equal(RpcErrorCode.TOO_MANY_VIEWERS);
    expect(feed.current.listeners.size).to.equal(1);
    all[0]?.leave();
    // The server hears of it a moment later.
    for (;;) {
      const again = await follow();
      if (again.response.statusCode === 200) break;
    }
    await all[1]?.sees("event: time");
    for (const follower of followers.splice(0)) follower.leave();
    while (feed.current.listeners.size > 0) await new Promise(resolve => setImmediate(resolve));
  });

  it("ends the streams when the node stops, at once", async () => {
    const follower = await follow();
    const ended = new Promise<void>(resolve => void follower.response.once("close", resolve));
    await fixture.server.stop();
    await ended;
    expect(feed.current.listeners.size).to.equal(0);
  });

  it("is absent where it is switched off", async () => {
    const bare = new RpcFixture({});
    await bare.server.start();
    try {
      for (const path of ["/", "/ui/snapshot", "/ui/events"]) expect((await bare.get(path)).status).to.equal(404);
    } finally {
      await bare.server.stop();
    }
  });
});
