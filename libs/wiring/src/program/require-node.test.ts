import { readFileSync } from "node:fs";
import { expect } from "chai";
import { WiringError, WiringErrorCode } from "../wiring-error.js";
import { requireNode } from "./require-node.js";

describe("requireNode", () => {
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly engines: { readonly node: string };
  };
  const [major, minor] = engines.node.slice(2).split(".").map(Number) as [number, number];

  it("takes what the packages promise to run on, and later ones", () => {
    for (const version of [`${major}.${minor}.0`, `${major}.${minor + 8}.3`, `${major + 1}.0.0`, process.versions.node])
      expect(() => requireNode(version)).to.not.throw();
  });

  it("refuses earlier ones, and says what to do", () => {
    for (const version of [`${major}.${minor - 1}.9`, `${major - 1}.99.0`, "20.20.2", "8.0.0"])
      expect(() => requireNode(version))
        .to.throw(WiringError, `needs Node ${major}.${minor} or later, and this is Node ${version}: start it by`)
        .with.property("code", WiringErrorCode.NODE_TOO_OLD);
  });
});
