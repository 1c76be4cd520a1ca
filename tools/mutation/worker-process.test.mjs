import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkerProcess } from "./worker-process.mjs";

describe("a mutant's worker", () => {
  const script = `
    process.on("message", ({ tests }) => {
      for (const { title, hangs, dies } of tests) {
        process.send({ begins: { title, file: "a.test.js" } });
        while (hangs);
        if (dies) process.kill(process.pid, "SIGKILL");
      }
      process.send({ killedBy: undefined, ends: true });
    });
    process.send({ ready: true });`;
  let folder;
  let worker;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "worker-"));
    writeFileSync(join(folder, "worker.mjs"), script);
    worker = new WorkerProcess({ script: join(folder, "worker.mjs"), argument: {}, cwd: folder });
    expect(await worker.start({ workMs: 60_000 })).to.deep.equal({ ready: true });
  });

  afterEach(() => {
    worker.stop();
    rmSync(folder, { recursive: true });
  });

  it("may die", async () => {
    const tests = [{ title: "short" }, { title: "takes long", dies: true }];
    expect(await worker.ask({ tests }, 60_000)).to.deep.equal({ died: true, at: place("takes long") });
  });

  const place = title => ({ title, file: "a.test.js" });
  const work = { "takes long": 3_600_000, short: 200 };

  it("hangs when one test takes more work than it may, however much all of them may take", async () => {
    const tests = [{ title: "takes long" }, { title: "short", hangs: true }];
    expect(await worker.ask({ tests }, 7_200_000, title => work[title])).to.deep.equal({
      hung: true,
      at: place("short"),
    });
  });

  it("hangs when all of them take more", async () => {
    const tests = [{ title: "takes long", hangs: true }];
    expect(await worker.ask({ tests }, 200, title => work[title])).to.deep.equal({
      hung: true,
      at: place("takes long"),
    });
  });

  it("answers when its tests are through", async () => {
    const tests = [{ title: "short" }, { title: "takes long" }, { title: "short" }];
    expect(await worker.ask({ tests }, 60_000, title => work[title])).to.deep.equal({ ends: true });
  });
});
