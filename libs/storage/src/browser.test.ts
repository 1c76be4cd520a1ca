import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build } from "esbuild";

describe("@sprtn/storage/browser", () => {
  it("is bundled for a browser without anything of node, on level's IndexedDB half", async () => {
    const { metafile, errors } = await build({
      entryPoints: [fileURLToPath(new URL("browser.js", import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "browser",
      logLevel: "silent",
    });
    expect(errors).to.deep.equal([]);
    const inputs = Object.keys(metafile.inputs).join("\n");
    expect(inputs).to.contain("browser-level/").and.not.contain("classic-level/");
  });
});
