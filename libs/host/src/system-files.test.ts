import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { fileError, SystemFiles } from "./system-files.js";

describe("files of this machine", () => {
  let directory: string;
  const files = new SystemFiles();
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sprtn-files-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("are replaced in one step, only for their owner, and made once", async () => {
    const path = join(directory, "network.json");
    expect(await files.read(path)).to.equal(undefined);
    await files.replace(path, "one");
    await files.replace(path, "two");
    expect(await files.read(path)).to.equal("two");
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await readdir(directory)).to.deep.equal(["network.json"]);
    expect(await files.create(path, "three")).to.equal(false);
    expect(await files.create(`${path}.lock`, "three")).to.equal(true);
    await files.remove(`${path}.lock`);
    await files.remove(`${path}.lock`);
    expect(await files.list(directory)).to.deep.equal(["network.json"]);
    expect(await files.list(join(directory, "none"))).to.equal(undefined);
  });

  it("of several who make one at the same time only one does, and nobody sees a part of it", async () => {
    const path = join(directory, "network.lock");
    const SIZE = 2 ** 20;
    const seen = new Set<number>();
    for (let round = 0; round < 20; round++) {
      const making = Promise.all(["a", "b", "c", "d"].map(text => files.create(path, text.repeat(SIZE))));
      const look = async () => (await stat(path).catch(() => ({ size: SIZE }))).size;
      for (let looks = 0; looks < 50; looks++) seen.add(await look());
      expect((await making).filter(Boolean)).to.have.length(1);
      await files.remove(path);
    }
    expect([...seen]).to.deep.equal([SIZE]);
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("that nobody keeps are not read: folders, pipes, giants", async () => {
    const giant = join(directory, "giant");
    await writeFile(giant, new Uint8Array(17 * 2 ** 20));
    const pipe = join(directory, "pipe");
    await promisify(execFile)("mkfifo", [pipe]);
    for (const path of [giant, pipe, directory]) {
      const error = (await files.read(path).catch((cause: unknown) => cause)) as Error;
      expect(error, path).to.have.property("code", "HOST_FILE_ACCESS");
    }
  });

  it("a folder is removed only when it is empty, unless all of it is meant", async () => {
    const folder = join(directory, "it");
    await files.makeFolder(folder);
    await files.replace(join(folder, "x"), "");
    await files.removeEmptyFolder(folder);
    expect(await files.list(folder)).to.deep.equal(["x"]);
    await files.removeAll(join(folder, "x"));
    await files.removeEmptyFolder(folder);
    await files.removeEmptyFolder(folder);
    expect(await files.list(folder)).to.equal(undefined);
  });

  it("are read from anywhere, also from the end", async () => {
    const path = join(directory, "log");
    await writeFile(path, "0123456789");
    const text = async (range: { from?: number; bytes: number }) =>
      new TextDecoder().decode((await files.slice(path, range))?.content);
    expect(await text({ bytes: 3 })).to.equal("789");
    expect(await text({ bytes: 30 })).to.equal("0123456789");
    expect(await text({ from: 2, bytes: 3 })).to.equal("234");
    expect(await text({ from: 10, bytes: 3 })).to.equal("");
    expect(await files.slice(`${path}.none`, { bytes: 3 })).to.equal(undefined);
  });

  it("a full disk has a code of its own", () => {
    for (const code of ["ENOSPC", "EDQUOT"])
      expect(fileError("x cannot be written", "x", Object.assign(new TypeError("no"), { code }))).to.have.property(
        "code",
        "HOST_DISK_FULL",
      );
  });

  it("what the system refuses has a code and a remedy", async () => {
    await writeFile(join(directory, "file"), "");
    const error = (await files.replace(join(directory, "file", "x"), "").catch((cause: unknown) => cause)) as Error;
    expect(error).to.have.property("code", "HOST_FILE_ACCESS");
    expect(error.message).to.contain("give another directory");
  });
});
