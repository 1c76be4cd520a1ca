// A page in Chromium as a reader sees it, with its clock at the moment of the made-up states.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { NOW_MS } from "../../libs/dashboard/dist/test/network.js";
import { scenes } from "../../libs/dashboard/dist/test/scenes.js";
import { answer } from "./answers.mjs";
import { servePage } from "./serve-page.mjs";

export const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  path => path !== undefined && existsSync(path),
);

/** As root, as in CI's containers, Chromium refuses its sandbox; the page is this repository's own. */
export function launch() {
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/**
 * Opens a scene. `complaints` fills with what the console, the page and its security policy complain of, `requests`
 * with the addresses that it asked for.
 */
export async function openScene(browser, { scene, theme = "light", width = 1440, height = 900, route = "", written }) {
  const server = await servePage({ snapshot: scenes[scene](), answer, ...(written === undefined ? {} : { written }) });
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on("pageerror", error => complaints.push(String(error)));
  page.on("console", message => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("request", request => requests.push(request.url()));
  await page.clock.setFixedTime(NOW_MS);
  await page.goto(`${server.url}${route}`);
  await page.waitForSelector("main h1", { state: "attached" });
  const close = async () => {
    await context.close();
    await server.close();
  };
  return { page, server, complaints, requests, close };
}

/** Breaks the connection, and shows the page as it is 12 s later. */
export async function loseConnection({ page, server }) {
  while (server.streams() === 0) await page.waitForTimeout(20);
  server.down();
  await page.waitForFunction(() => !document.querySelector(".sentence")?.textContent?.includes("…"));
  await page.clock.setFixedTime(NOW_MS + 12_000);
  await page.waitForSelector("text=Connection lost");
}
