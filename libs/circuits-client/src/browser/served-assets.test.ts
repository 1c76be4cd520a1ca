import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { BrowserError } from "./browser-error.js";
import { openBrowserBackend } from "./open-browser-backend.js";
import { ServedAssets } from "./served-assets.js";

describe("served assets", () => {
  let server: Server;
  let base: URL;
  let files: Record<string, { readonly type: string; readonly body: string }>;

  beforeEach(async () => {
    const list = JSON.stringify({ format: 1, crs: "dev", files: { "keys.json": 2, "cut.dat": 9 } });
    files = {
      "/assets.json": { type: "application/json", body: list },
      "/keys.json": { type: "application/json", body: "{}" },
      "/cut.dat": { type: "application/octet-stream", body: "12345678" },
      "/page.dat": { type: "text/html; charset=utf-8", body: "<!doctype html>" },
    };
    server = createServer((request, response) => {
      const file = files[request.url ?? ""];
      response.writeHead(file === undefined ? 404 : 200, { "content-type": file?.type ?? "text/plain" });
      response.end(file?.body);
    });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterEach(() => new Promise(resolve => server.close(resolve)));

  const failureOf = (work: Promise<unknown>): Promise<BrowserError> =>
    work.then(
      () => expect.fail("nothing thrown"),
      (error: unknown) => error as BrowserError,
    );

  it("gives what is there, whole", async () => {
    const assets = await ServedAssets.open(base);
    expect(assets.list.crs).to.equal("dev");
    expect(await assets.json("keys.json")).to.deep.equal({});
    await assets.require("cut.dat");
  });

  it("names the URL of what is missing, and how it is missing", async () => {
    const assets = await ServedAssets.open(base);
    for (const work of [assets.bytes("gone.dat"), assets.require("gone.dat"), assets.bytes("page.dat")]) {
      const { code, payload, message } = await failureOf(work);
      expect(code).to.equal("BROWSER_ASSET_MISSING");
      expect(message).to.contain(payload.url);
    }
    expect((await failureOf(assets.bytes("gone.dat"))).payload).to.deep.equal({ url: `${base}gone.dat`, status: 404 });
    const nobody = await failureOf(ServedAssets.open(new URL("http://127.0.0.1:1/")));
    expect([nobody.code, nobody.payload.url]).to.deep.equal([
      "BROWSER_ASSET_MISSING",
      "http://127.0.0.1:1/assets.json",
    ]);
  });

  it("notices what was cut off, and another version's list", async () => {
    const assets = await ServedAssets.open(base);
    const { code, payload } = await failureOf(assets.bytes("cut.dat"));
    expect(code).to.equal("BROWSER_ASSET_DAMAGED");
    expect(payload).to.include({ bytes: 8, expected: 9 });
    for (const body of ["{", "null", '{"format":2,"files":{}}']) {
      files["/assets.json"] = { type: "application/json", body };
      expect((await failureOf(ServedAssets.open(base))).code, body).to.equal("BROWSER_ASSET_DAMAGED");
    }
  });

  it("starts no threads where memory may not be shared", async () => {
    const { code, message } = await failureOf(openBrowserBackend({ assets: base, threads: 2 }));
    expect(code).to.equal("BROWSER_NOT_ISOLATED");
    expect(message).to.contain("Cross-Origin-Opener-Policy");
  });
});
