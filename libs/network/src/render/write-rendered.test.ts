import { expect } from "chai";
import { parametersFrom } from "../plan/network-parameters.js";
import { planNetwork } from "../plan/network-plan.js";
import { FakeHost } from "../test/fake-host.js";
import { renderCompose } from "./render-compose.js";
import { renderKubernetes } from "./render-kubernetes.js";
import { writeRendered } from "./write-rendered.js";

describe("writing what was rendered", () => {
  const rendered = (token: string, sequencers = 4) =>
    renderCompose(planNetwork(parametersFrom({ cluster: "compose", sequencers }), { cores: 2 }), {
      image: "sprtn",
      token,
    });

  it("again, it replaces its own files and keeps secrets", async () => {
    const { files, disk } = new FakeHost();
    expect(await writeRendered(files, "/out", rendered("first"))).to.have.length(4);
    const before = disk.get("/out/compose.yaml");
    expect(await writeRendered(files, "/out", rendered("second", 5))).to.deep.equal([
      "/out/compose.yaml",
      "/out/Dockerfile",
    ]);
    expect(disk.get("/out/broker-token.env")).to.contain("first");
    expect(disk.get("/out/compose.yaml")).to.not.equal(before);
  });

  it("a file of somebody else's is not replaced, and nothing is written", async () => {
    const { files, disk } = new FakeHost();
    disk.set("/out/Dockerfile", "FROM scratch\n");
    const error = (await writeRendered(files, "/out", rendered("x")).catch((cause: unknown) => cause)) as Error;
    expect(error).to.have.property("code", "NETWORK_NOT_A_NETWORK");
    expect(error.message).to.contain("/out/Dockerfile").and.contain("--out");
    expect([...disk.keys()]).to.deep.equal(["/out/Dockerfile"]);
  });

  it("every file that holds no secret is known again", async () => {
    const { files } = new FakeHost();
    const plan = planNetwork(parametersFrom({ cluster: "kubernetes" }), { cores: 2 });
    for (let times = 0; times < 2; times++)
      await writeRendered(files, "/out", renderKubernetes(plan, { image: "sprtn", token: "x" }));
  });
});
