// npm run test:browser: the page looks as it does in libs/dashboard/screens. After a change that is meant to be seen,
// run `node tools/page/screens.mjs`, and look at what it wrote.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { launch } from "./look.mjs";
import { folder, hasFonts, screens, shoot } from "./screens.mjs";

/** Of the pixels, that may differ. */
const TOLERANCE = 0.005;

describe("screenshots of a node's page", () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  // Elsewhere the page is tested by what it says, not by its letters' pixels.
  for (const screen of hasFonts ? screens : [])
    it(`${screen.name} differs in at most ${TOLERANCE * 100} % of its pixels`, async () => {
      const known = PNG.sync.read(readFileSync(join(folder, screen.name)));
      const seen = PNG.sync.read(await shoot(browser, screen));
      expect([seen.width, seen.height]).to.deep.equal([known.width, known.height]);
      const differing = pixelmatch(known.data, seen.data, undefined, known.width, known.height);
      expect(differing / (known.width * known.height)).to.be.at.most(TOLERANCE);
    });
});
