// node tools/page/screens.mjs writes the screenshots in libs/dashboard/screens. Look at them before you commit them.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../checks/workspace.mjs";
import { launch, loseConnection, openScene } from "./look.mjs";

export const folder = join(root, "libs/dashboard/screens");
const scenes = ["healthy", "validator-down", "reorg", "syncing", "lost"];
const sizes = [
  [1440, 900],
  [390, 844],
];

/** Every screenshot: its name, and what it shows. */
export const screens = scenes.flatMap(scene =>
  sizes.flatMap(([width, height]) =>
    ["light", "dark"].map(theme => ({ name: `${scene}-${width}-${theme}.png`, scene, width, height, theme })),
  ),
);

/** The fonts that the screenshots were made with: with others, each letter differs. */
export const hasFonts = ["dejavu/DejaVuSans.ttf", "liberation/LiberationMono-Regular.ttf"].every(font =>
  existsSync(join("/usr/share/fonts/truetype", font)),
);

/** A screen's PNG; phones show the whole page. */
export async function shoot(browser, { scene, width, height, theme }) {
  const opened = await openScene(browser, { scene: scene === "lost" ? "healthy" : scene, theme, width, height });
  try {
    if (scene === "lost") await loseConnection(opened);
    await opened.page.evaluate(() => document.fonts.ready);
    return await opened.page.screenshot({ fullPage: width < 700 });
  } finally {
    await opened.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true });
  const browser = await launch();
  for (const screen of screens) writeFileSync(join(folder, screen.name), await shoot(browser, screen));
  await browser.close();
}
