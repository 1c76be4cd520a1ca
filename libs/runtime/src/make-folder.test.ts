import { expect } from "chai";
import { type FolderSystem, makeFolder } from "./make-folder.js";

const failed = (code: string): Error => Object.assign(new Error(`${code}: no folder here`), { code });

/** Folders by path. In `/closed` none can be made, which the system says in the words of a missing parent. */
class Folders implements FolderSystem {
  readonly made: string[] = [];

  constructor(
    private readonly folders: Set<string>,
    private readonly files = new Set<string>(),
  ) {}

  mkdir = async (path: string): Promise<void> => {
    const parent = this.dirname(path);
    if (this.folders.has(path) || this.files.has(path)) throw failed("EEXIST");
    if (this.files.has(parent)) throw failed("ENOTDIR");
    if (parent === "/closed" || !this.folders.has(parent)) throw failed("ENOENT");
    this.folders.add(path);
    this.made.push(path);
  };

  stat = async (path: string): Promise<{ isDirectory(): boolean }> => {
    if (!this.folders.has(path) && !this.files.has(path)) throw failed("ENOENT");
    return { isDirectory: () => this.folders.has(path) };
  };

  dirname = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";
}

const codeOf = (making: Promise<void>): Promise<unknown> =>
  making.then(
    () => "made",
    (error: { code?: unknown }) => error.code,
  );

describe("makeFolder", () => {
  it("makes what is missing, from the top, and takes what is there", async () => {
    const system = new Folders(new Set(["/", "/a"]));
    await makeFolder("/a/b/c", system);
    await makeFolder("/a/b/c", system);
    expect(system.made).to.deep.equal(["/a/b", "/a/b/c"]);
  });

  it("takes a folder that another makes in the meantime", async () => {
    const system = new Folders(new Set(["/"]));
    const { mkdir } = system;
    system.mkdir = async path => {
      if (path === "/a") await mkdir(path);
      await mkdir(path);
    };
    await makeFolder("/a/b", system);
    expect(system.made).to.deep.equal(["/a", "/a/b"]);
  });

  it("ends where there is a folder in which none can be made", async () => {
    const system = new Folders(new Set(["/", "/closed"]));
    expect(await codeOf(makeFolder("/closed/x", system))).to.equal("ENOENT");
    expect(await codeOf(makeFolder("/closed/x/y/z", system))).to.equal("ENOENT");
    expect(system.made).to.deep.equal([]);
  });

  it("ends at the root, and at a file", async () => {
    expect(await codeOf(makeFolder("/x/y", new Folders(new Set())))).to.equal("ENOENT");
    const system = new Folders(new Set(["/"]), new Set(["/file"]));
    expect(await codeOf(makeFolder("/file", system))).to.equal("EEXIST");
    expect(await codeOf(makeFolder("/file/x/y", system))).to.equal("ENOTDIR");
  });
});
