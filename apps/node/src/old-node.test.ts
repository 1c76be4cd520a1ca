import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

describe("an older Node", () => {
  it("is named, with the one that is needed, before anything else", () => {
    const main = fileURLToPath(new URL("main.js", import.meta.url));
    const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });';
    const args = [
      "--import",
      `data:text/javascript,${encodeURIComponent(older)}`,
      main,
      "--sequencer",
      "--l1-chain-id",
      "x",
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stderr).to.match(
      /^WIRING_NODE_TOO_OLD: this program needs Node \d+\.\d+ or later, and this is Node 20\.20\.2/,
    );
    expect([status, stdout]).to.deep.equal([2, ""]);
  });
});
