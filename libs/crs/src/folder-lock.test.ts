import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@sprtn/runtime";
import { expect } from "chai";
import { systemClock } from "@sprtn/observability/system";
import { withFolderLock } from "./folder-lock.js";
import { failure } from "./test/failure.js";
import { temporaryDirectory } from "./test/temporary-directory.js";

const deadPid = () => spawnSync(process.execPath, ["-e", ""]).pid;
const holder = (fields: object) =>
  JSON.stringify({ token: "another's", pid: process.pid, host: hostname(), ...fields });

describe("withFolderLock", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = temporaryDirectory();
    path = join(folder, "below", "it.lock");
  });

  it("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    let waiting = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(resolve => setImmediate(resolve));
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withFolderLock(path, { clock: systemClock, onWait: () => waiting++ }, work)));
    expect([most, waiting]).to.deep.equal([1, 2]);
    expect(readdirSync(join(folder, "below"))).to.deep.equal([]);
  });

  it("is given back when the work fails", async () => {
    expect(
      (await failure(withFolderLock(path, { clock: systemClock }, () => Promise.reject(new RangeError("no"))))).message,
    ).to.equal("no");
    expect(existsSync(path)).to.equal(false);
  });

  it("is taken over at once from a process that died here", async () => {
    await withFolderLock(path, { clock: systemClock }, async () => {
      writeFileSync(path, holder({ pid: deadPid() }));
      await withFolderLock(path, { clock: new ManualClock(Date.now()) }, async () =>
        expect(JSON.parse(readFileSync(path, "utf8"))).to.include({ pid: process.pid }),
      );
    });
  });

  it("is taken over from somebody elsewhere who was not heard of for long, or whose file is torn", async () => {
    for (const content of [holder({ host: "elsewhere" }), ""]) {
      await withFolderLock(path, { clock: systemClock }, async () => {
        writeFileSync(path, content);
        utimesSync(path, Date.now() / 1000, Date.now() / 1000 - 60);
        await withFolderLock(path, { clock: new ManualClock(Date.now()) }, async () => {});
      });
    }
  });

  it("is waited for until that is aborted", async () => {
    const controller = new AbortController();
    await withFolderLock(path, { clock: systemClock }, async () => {
      writeFileSync(path, holder({ host: "elsewhere" }));
      const onWait = () => controller.abort();
      expect(
        (
          await failure(
            withFolderLock(
              path,
              { clock: new ManualClock(Date.now()), signal: controller.signal, onWait },
              async () => {},
            ),
          )
        ).code,
      ).to.equal("RUNTIME_ABORTED");
    });
    // Another process's lock is not touched.
    expect(existsSync(path)).to.equal(true);
  });
});
