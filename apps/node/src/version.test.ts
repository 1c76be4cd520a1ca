import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

describe("--version", () => {
  it("prints the version and nothing else, whatever the environment holds", () => {
    const main = fileURLToPath(new URL("main.js", import.meta.url));
    const out = execFileSync(process.execPath, [main, "--version"], {
      encoding: "utf8",
      env: { ...process.env, AZTEC_PORT: "none" },
    });
    expect(out).to.match(/^\d+\.\d+\.\d+\n$/);
  });
});
