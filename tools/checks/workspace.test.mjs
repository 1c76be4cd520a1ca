import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { filesBelow } from "./workspace.mjs";

describe("files of the workspace", () => {
  it("are those that somebody wrote, not what builds, coverage or deployments leave", () => {
    const directory = mkdtempSync(join(tmpdir(), "sprtn-files-"));
    try {
      const written = ["coverage/html", "ignition/deployments", "dist", "cache", "node_modules/a", "generated"];
      for (const folder of ["src", "src/deep", ...written]) {
        mkdirSync(join(directory, folder), { recursive: true });
        writeFileSync(join(directory, folder, "a.js"), "");
      }
      const found = filesBelow(directory, [".js"]).map(path => relative(directory, path));
      expect(found).to.have.members(["src/a.js", "src/deep/a.js"]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
