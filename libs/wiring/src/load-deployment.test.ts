import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeDeployment } from "@sprtn/deployment";
import { CodedError } from "@sprtn/primitives";
import { buildDeployment } from "@sprtn/testing";
import { expect } from "chai";
import { loadDeployment } from "./load-deployment.js";

describe("a deployment file", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "sprtn-deployment-"));
  });
  after(() => rm(folder, { recursive: true }));

  const load = (deploymentFile: string) => loadDeployment({ deploymentFile, bootnodeUrl: undefined });

  it("is read", async () => {
    const deployment = buildDeployment({ name: "test-wiring" });
    const file = join(folder, "deployment.json");
    await writeFile(file, encodeDeployment(deployment));
    expect((await load(file)).deployment).to.deep.equal(deployment);
  });

  for (const [what, text] of [
    ["empty", ""],
    ["no JSON", "<html>"],
    ["of something else", "{}"],
    ["incomplete", '{"format":"sprtn-deployment-1"}'],
  ] as const)
    it(`is named when it is ${what}`, async () => {
      const file = join(folder, "other.json");
      await writeFile(file, text);
      const failure = await load(file).catch((error: unknown) => error);
      expect(failure)
        .to.be.instanceOf(CodedError)
        .that.satisfies(
          ({ code, message, payload }: CodedError) =>
            code === "DEPLOYMENT_BAD_FILE" && message.includes(file) && (payload as { path?: string }).path === file,
        );
    });
});
