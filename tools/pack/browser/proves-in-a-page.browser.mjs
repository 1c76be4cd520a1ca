// npm run test:browser: what the packages' users do in a page, in Debian's Chromium.
import { existsSync } from "node:fs";
import { expect } from "chai";
import { chromium } from "playwright-core";
import { createPackedProject } from "../packed-project.mjs";
import { buildSite } from "./build-site.mjs";
import { serveFolder } from "./static-server.mjs";

const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  path => path !== undefined && existsSync(path),
);

describe("a page that proves", () => {
  let project;
  let site;
  let browser;

  before(async () => {
    expect(executablePath, "Chromium: apt-get install chromium, or CHROMIUM_PATH").to.be.a("string");
    project = createPackedProject();
    site = await buildSite(project);
    // As root, as in CI's containers, Chromium refuses its sandbox; the page is this repository's own.
    browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  });
  after(async () => {
    await browser?.close();
    project?.remove();
  });

  /** What `name(...args)` of the page gives, in a page served so; and what the page complained of. */
  async function inPage(served, name, ...args) {
    const server = await serveFolder(site.site, served);
    const page = await browser.newPage();
    const complaints = [];
    page.on("pageerror", error => complaints.push(String(error)));
    try {
      await page.goto(server.url);
      await page.waitForFunction("globalThis.ready === true");
      return { result: await page.evaluate(([f, all]) => globalThis[f](...all), [name, args]), complaints };
    } finally {
      await page.close();
      await server.close();
    }
  }
  const failure = async (served, settings = {}) =>
    (await inPage(served, "failureOf", { assets: "/assets/", startTimeoutMs: 10_000, ...settings })).result;

  it("is bundled without a warning", () => {
    expect(site.warnings).to.equal("");
  });

  it("proves a transfer and verifies it", async () => {
    const { result, complaints } = await inPage({}, "proveTransfer", { assets: "/assets/" }, 2);
    const { seconds, threads, ...rest } = result;
    expect(rest).to.deep.equal({
      crs: "dev",
      isolated: true,
      bytes: 14_656,
      sameInputs: true,
      verified: true,
      spoiledVerified: false,
    });
    expect(complaints).to.deep.equal([]);
    process.stdout.write(`    ${threads} threads: ${seconds.map(each => `${each.toFixed(1)} s`).join(", ")} a proof\n`);
  });

  it("proves on one thread where the page may not share memory", async () => {
    const { result } = await inPage({ isolated: false }, "proveTransfer", { assets: "/assets" });
    expect(result).to.include({ isolated: false, threads: 1, verified: true });
    process.stdout.write(`    one thread, no shared memory: ${result.seconds[0].toFixed(1)} s\n`);
  });

  it("has a store in IndexedDB that passes the compliance suite of every store", async () => {
    const { result, complaints } = await inPage({}, "checkStore");
    expect(complaints).to.deep.equal([]);
    expect(result).to.have.length.above(5);
    expect(result.filter(test => test.failure !== null)).to.deep.equal([]);
  });

  it("keeps a wallet in IndexedDB, which pays from its notes", async () => {
    const { result, complaints } = await inPage({}, "payFromNotes");
    expect(complaints).to.deep.equal([]);
    expect(result).to.deep.equal({
      before: [
        ["10000000000000000", 2],
        ["9999999999999993", null],
      ],
      again: { scannedTo: 2, notes: 2 },
      paid: "7",
    });
  });

  it("says that threads want an isolated page", async () => {
    const { code, message } = await failure({ isolated: false }, { threads: 2 });
    expect(code).to.equal("BROWSER_NOT_ISOLATED");
    expect(message).to.contain("Cross-Origin-Embedder-Policy");
  });

  for (const name of [
    "assets.json",
    "acvm_js_bg.wasm",
    "noirc_abi_wasm_bg.wasm",
    "barretenberg-threads.wasm.gz",
    "keys.json",
    "transfer.vk",
    "transfer.json",
    "bn254_g1.dat",
    "bn254_g2.dat",
  ]) {
    it(`names ${name} when it is not served, or an HTML page comes instead`, async () => {
      for (const page of [false, true]) {
        const { code, message } = await failure({ hidden: [name], page });
        expect([code, message?.includes(`/assets/${name} is not served`)]).to.deep.equal([
          "BROWSER_ASSET_MISSING",
          true,
        ]);
      }
    });
  }

  it("names the worker that is not served, and waits no longer than it is told to", async () => {
    const main = await failure({ hidden: ["main.worker.js"] });
    expect(main.code).to.equal("BB_WORKER_NOT_STARTED");
    expect(main.message).to.contain("/main.worker.js");
    const thread = await failure({ hidden: ["thread.worker.js"] }, { threads: 2, startTimeoutMs: 3_000 });
    expect(thread.code).to.equal("BB_WORKER_NOT_STARTED");
    expect(thread.message).to.contain("thread.worker.js");
    expect(thread.seconds).to.be.within(2.9, 60);
  });
});
