// npm run test:browser: a node's page in Debian's Chromium, in made-up states.
import axe from "axe-core";
import { expect } from "chai";
import { addressOf, hashOf, NOW_MS, NOW_SLOT } from "../../libs/dashboard/dist/test/network.js";
import { scenes } from "../../libs/dashboard/dist/test/scenes.js";
import { executablePath, launch, loseConnection, openScene } from "./look.mjs";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const MAX_NODES = 3_000;
const widths = [1440, 390];
const themes = ["light", "dark"];
const routes = [
  "",
  "#/block/4740",
  "#/block/99999",
  `#/tx/${hashOf(5)}`,
  `#/tx/0x${"d".repeat(64)}`,
  "#/epoch/149",
  `#/slot/${NOW_SLOT - 2}`,
  "#/slot/3",
  `#/validator/${addressOf(3)}`,
  `#/validator/0x${"0".repeat(40)}`,
  "#/peers",
  "#/mempool",
  "#/about",
  "#/nowhere",
];

describe("a node's page", () => {
  let browser;
  const opened = [];

  before(async () => {
    expect(executablePath, "Chromium: apt-get install chromium, or CHROMIUM_PATH").to.be.a("string");
    browser = await launch();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  after(() => browser?.close());

  async function open(what) {
    const one = await openScene(browser, { scene: "healthy", ...what });
    opened.push(one);
    return one;
  }

  /** What axe finds, a line each. */
  async function violations(page) {
    await page.evaluate(axe.source);
    const found = await page.evaluate(only => globalThis.axe.run(document, { runOnly: only }), tags);
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  const sentence = page => page.locator(".sentence").innerText();
  const answered = page => page.waitForFunction(() => !document.body.innerText.includes("is being asked"));

  for (const route of routes)
    for (const width of widths)
      for (const theme of themes)
        it(`${route || "#/"} at ${width} px, ${theme}: axe finds nothing, nothing is asked of others`, async () => {
          const { page, complaints, requests, server } = await open({ route, width, theme });
          await answered(page);
          expect(await violations(page)).to.deep.equal([]);
          expect(complaints).to.deep.equal([]);
          expect(requests.filter(url => !url.startsWith(server.url) && !url.startsWith("data:"))).to.deep.equal([]);
          expect(await page.locator("h1").count()).to.equal(1);
          expect(await page.title()).to.match(/ · SPRTN$/);
        });

  for (const scene of Object.keys(scenes))
    for (const asTables of [false, true])
      it(`${scene}${asTables ? ", as tables" : ""}: axe finds nothing, few nodes, no sideways scroll`, async () => {
        const { page, complaints } = await open({ scene, width: 320, height: 800 });
        if (asTables) await page.keyboard.press("t");
        expect(await violations(page)).to.deep.equal([]);
        expect(complaints).to.deep.equal([]);
        expect(await page.evaluate(() => document.querySelectorAll("*").length)).to.be.at.most(MAX_NODES);
        const room = await page.evaluate(() => [document.documentElement.scrollWidth, globalThis.innerWidth]);
        expect(room[0]).to.be.at.most(room[1]);
      });

  it("all routes at 320 px: no sideways scroll", async () => {
    const { page } = await open({ width: 320, height: 800 });
    for (const route of routes) {
      await page.evaluate(to => (location.hash = to || "#/"), route);
      await answered(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth);
      expect(wide, route).to.be.at.most(0);
    }
  });

  it("fits 1440 by 900 without scrolling", async () => {
    const { page } = await open({});
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).to.be.at.most(900);
  });

  it("says what the node is asked for when no state came with it", async () => {
    const { page, requests, server } = await open({ written: false });
    await page.waitForSelector("text=Healthy");
    expect(requests).to.include(`${server.url}ui/snapshot`);
  });

  it("shows the same tips, proposer and proofs as the state, in text", async () => {
    const { page } = await open({});
    const { tips, node } = scenes.healthy();
    const text = (await page.locator("main").innerText()).replaceAll("\u202f", "");
    for (const number of [tips.pending, tips.proven, tips.finalized]) expect(text).to.include(String(number));
    expect(text).to.include(`proposer ${addressOf(NOW_SLOT % 16).slice(0, 6)}`);
    expect(text).to.include("212/405 proofs");
    expect(text).to.include(node.name);
    expect(await page.locator(".banner").innerText()).to.include("anyone can forge them");
  });

  it("moves with events, and says once a slot what changed", async () => {
    const { page, server } = await open({});
    await page.waitForFunction(() => document.querySelector(".sentence").innerText.includes("Healthy"));
    while (server.streams() === 0) await page.waitForTimeout(10);
    const { seq, tips } = scenes.healthy();
    const now = { ...tips, pending: 4_784, proven: 4_784 };
    server.event({ v: 1, seq: seq + 1, atMs: NOW_MS, t: "tips", tips: now });
    await page.waitForFunction(() => document.querySelector(".sentence").innerText.includes("all proven"));
    // Another event of the same slot is no news to a listener.
    expect(await page.locator("[role=status]").innerText()).to.include("wait for proof");
  });

  it("asks for a state anew when it is told to", async () => {
    const { page, server } = await open({});
    while (server.streams() === 0) await page.waitForTimeout(10);
    server.setSnapshot({ ...scenes["no-quorum"](), seq: 5_000 });
    server.resync();
    await page.waitForSelector("text=Quorum missing");
  });

  it("says that the connection is lost, and comes back by itself", async () => {
    const one = await open({});
    await loseConnection(one);
    expect((await sentence(one.page)).replaceAll(/[\u202f\u00a0]/g, "")).to.include("12s ago, showing block 4783");
    expect(await violations(one.page)).to.deep.equal([]);
    one.server.down(false);
    await one.page.waitForSelector("text=Healthy", { timeout: 30_000 });
  });

  it("runs nothing of what others named themselves, and shows little of it", async () => {
    const { page, complaints, requests } = await open({ scene: "hostile", route: "#/peers" });
    const dialogs = [];
    page.on("dialog", dialog => dialogs.push(dialog.message()));
    await answered(page);
    for (const route of ["", "#/about", "#/peers"]) {
      await page.evaluate(to => (location.hash = to || "#/"), route);
      await answered(page);
      for (const part of ["main", ".brand", "title"])
        expect(await page.locator(part).textContent(), part).to.not.match(/A{65}|z{65}/);
      // The node's own reason has room for a sentence.
      const text = await page.locator("body").innerText();
      expect(text).to.not.match(/A{300}/);
      expect(text.includes("\u202e") || text.includes("\0")).to.equal(false);
    }
    expect([...dialogs, ...complaints]).to.deep.equal([]);
    expect(requests.filter(url => url.endsWith("/x"))).to.deep.equal([]);
  });

  it("holds at most 40 MB after 1,000 slots, and no more nodes than before", async () => {
    const { page, server } = await open({});
    while (server.streams() === 0) await page.waitForTimeout(10);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    const metrics = async () =>
      Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
    const count = () => page.evaluate(() => document.querySelectorAll("*").length);
    const [before, nodes] = [await metrics(), await count()];
    const { rules, epochs } = scenes.healthy();
    const { committee, quorum } = epochs[0];
    let { seq } = scenes.healthy();
    const tell = (slot, afterMs, change) => {
      const atMs = (rules.genesisTime + slot * rules.slotDuration) * 1000 + afterMs;
      server.event({ v: 1, seq: ++seq, atMs, ...change });
    };
    const slots = 1_000;
    for (let i = 1; i <= slots; i++) {
      const slot = NOW_SLOT + i;
      const number = 4_783 + i;
      const epoch = Math.floor(slot / rules.epochDuration);
      const first = slot % rules.epochDuration === 0 ? { epoch: { epoch, committee, quorum } } : {};
      tell(slot, 0, { t: "slot", slot, proposer: committee[slot % 16], ...first });
      tell(slot, 2_000, { t: "proposal", slot, block: number, txs: i % 90, afterMs: 2_000 });
      for (const from of [0, 8])
        tell(slot, 3_000, {
          t: "attestation",
          slot,
          from: committee.slice(from, from + 8).map((_, n) => [from + n, 3_000]),
        });
      const added = [{ number, slot, hash: hashOf(number), txs: i % 90, afterMs: 9_000 }];
      tell(slot, 9_000, { t: "blocks", added, removed: [] });
      tell(slot, 9_000, { t: "tips", tips: { ...scenes.healthy().tips, pending: number } });
      if (i % 50 === 0)
        await page.waitForFunction(
          wanted => document.querySelector(".tip.text-pending").textContent.replaceAll("\u202f", "") === wanted,
          String(number),
        );
    }
    await cdp.send("HeapProfiler.collectGarbage");
    const after = await metrics();
    expect(after.JSHeapUsedSize).to.be.below(40e6);
    expect(await count()).to.be.within(nodes - 100, nodes + 100);
    const spent = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"]
      .map(name => after[name] - before[name])
      .reduce((sum, seconds) => sum + seconds, 0);
    process.stdout.write(
      `    ${((1000 * spent) / slots).toFixed(1)} ms of the main thread a slot when they come all at once, ` +
        `${(after.JSHeapUsedSize / 1e6).toFixed(1)} MB\n`,
    );
  });

  describe("by keyboard", () => {
    it("/ searches, Enter opens the likeliest, Escape leaves", async () => {
      const { page } = await open({});
      await page.keyboard.press("/");
      await page.keyboard.type("4783");
      expect(await page.locator(".choices").innerText()).to.equal("Block 4783\nSlot 4783");
      await page.keyboard.press("Enter");
      await page.waitForSelector("h1:has-text('Block')");
      expect(page.url()).to.match(/#\/block\/4783$/);
      expect(await page.locator(".choices").count()).to.equal(0);
      await page.keyboard.press("/");
      await page.keyboard.type("nonsense");
      expect(await page.locator(".choices").innerText()).to.include("A number, 64 hex digits");
      await page.keyboard.press("Escape");
      expect(await page.locator(".choices").count()).to.equal(0);
    });

    it("T shows every graphic as a table, and back; both keys can be switched off", async () => {
      const { page } = await open({});
      expect(await page.locator("main table").count()).to.equal(0);
      await page.keyboard.press("t");
      expect(await page.locator("main table").count()).to.equal(6);
      expect(await page.locator("main .graphic svg").count()).to.equal(0);
      await page.keyboard.press("t");
      expect(await page.locator("main table").count()).to.equal(0);
      await page.evaluate(() => (location.hash = "#/about"));
      await page.locator("input[type=checkbox]").uncheck();
      await page.evaluate(() => (location.hash = "#/"));
      await page.waitForSelector(".chains");
      await page.keyboard.press("t");
      await page.keyboard.press("/");
      expect(await page.locator("main table").count()).to.equal(0);
      expect(await page.evaluate(() => document.activeElement?.tagName)).to.not.equal("INPUT");
    });

    it("the first stop skips to the content", async () => {
      const { page } = await open({});
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal("Skip to content");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal("main");
    });

    it("arrows go through the slots, End returns to now, Enter opens one", async () => {
      const { page } = await open({});
      const lanes = page.locator(".chains [role=slider]");
      const text = async () => (await lanes.getAttribute("aria-valuetext")).replaceAll("\u202f", "");
      await lanes.focus();
      expect(await text()).to.match(/^slot 4812 · goes on/);
      await page.keyboard.press("ArrowLeft");
      expect(await text()).to.match(/^slot 4811 · block 4783 · pending · \d+ txs · on L1 at/);
      await page.keyboard.press("Home");
      expect(await text()).to.match(/^slot 4717 · block 4701 · finalized/);
      await page.keyboard.press("End");
      expect(await text()).to.match(/^slot 4812/);
      await page.keyboard.press("PageUp");
      await page.keyboard.press("Enter");
      await page.waitForSelector("h1:has-text('Slot')");
      expect(page.url()).to.match(/#\/slot\/4804$/);
    });

    it("every control of the overview can be reached and shows that it has the focus", async () => {
      const { page } = await open({});
      const stops = new Set();
      for (let i = 0; i < 120; i++) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
          const { activeElement: at } = document;
          if (at === null || at === document.body) return null;
          const { outlineStyle } = getComputedStyle(at);
          return `${at.tagName} ${at.getAttribute("aria-label") ?? at.textContent} ${outlineStyle}`;
        });
        if (stop === null) break;
        expect(stop).to.match(/ (?:solid|auto)$/);
        stops.add(stop.split(" ")[0]);
      }
      expect([...stops]).to.include.members(["A", "BUTTON", "INPUT", "DIV"]);
    });
  });

  it("switches the theme, and remembers it", async () => {
    const { page } = await open({ theme: "light" });
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await ground()).to.equal("rgb(255, 255, 255)");
    const toggle = page.locator("button[aria-label^=Theme]");
    await toggle.click();
    await toggle.click();
    expect(await ground()).to.equal("rgb(15, 17, 21)");
    await page.reload();
    await page.waitForSelector("main h1", { state: "attached" });
    expect(await ground()).to.equal("rgb(15, 17, 21)");
  });
});
