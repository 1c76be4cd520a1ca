// node tools/page/screens.mjs [FOLDER]: the page's screenshots, into libs/dashboard/screens.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/workspace.mjs";
import { launch, loseConnection, openScene } from "./look.mjs";

const folder = process.argv[2] ?? join(root, "libs/dashboard/screens");
const only = process.argv[3];
const shown = ["healthy", "validator-down", "reorg", "syncing", "lost"];

mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const scene of only === undefined ? shown : [only])
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ])
    for (const theme of ["light", "dark"]) {
      const opened = await openScene(browser, { scene: scene === "lost" ? "healthy" : scene, theme, width, height });
      if (scene === "lost") await loseConnection(opened);
      await opened.page.waitForTimeout(100);
      const path = join(folder, `${scene}-${width}-${theme}.png`);
      await opened.page.screenshot({ path, fullPage: width < 700 });
      if (opened.complaints.length > 0 && scene !== "lost") console.error(path, opened.complaints);
      await opened.close();
    }
await browser.close();
