import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assetsFolder } from "@sprtn/dashboard";
import { expect } from "chai";
import { readPage } from "./page-files.js";

describe("the files of a page", () => {
  it("are those of a folder, by their path; those with a hash in their name are kept for ever", async () => {
    const folder = await mkdtemp(join(tmpdir(), "page-"));
    try {
      await mkdir(join(folder, "ui"));
      await writeFile(join(folder, "index.html"), "<p>");
      await writeFile(join(folder, "ui/a-1.js"), "1");
      await writeFile(join(folder, "ui/a-1.js.map"), "2");
      const page = await readPage(folder);
      expect(page.file("/")).to.deep.equal({
        bytes: Buffer.from("<p>"),
        type: "text/html; charset=utf-8",
        immutable: false,
      });
      expect(page.file("/ui/a-1.js")).to.deep.include({ type: "text/javascript; charset=utf-8", immutable: true });
      for (const path of ["/index.html", "/ui/a-1.js.map", "/ui", "ui/a-1.js", "/../page-files.js"])
        expect(page.file(path), path).to.equal(undefined);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("of a node's own page are there, and have a place for the state", async () => {
    const page = await readPage(assetsFolder());
    expect(Buffer.from(page.file("/")?.bytes ?? []).toString()).to.contain("<!--snapshot-->");
  });
});
