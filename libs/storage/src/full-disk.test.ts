import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { temporaryDirectory } from "./test/temporary-directory.js";

const program = fileURLToPath(new URL("test/full-disk.js", import.meta.url));
/** A file system of 32 MiB in its own mount namespace, with whatever permissions there are; then the program, twice. */
const MOUNT = 'mount -t tmpfs -o size=32m tmpfs "$2"';
const FILL = `${MOUNT} && { "$0" "$1" fill "$2"; "$0" "$1" check "$2"; }`;
const READ_ONLY = `${MOUNT} && "$0" "$1" check "$2" && mount -o remount,ro "$2" && "$0" "$1" open "$2"`;

/** How a process gets a mount namespace of its own: as root, or as whoever may make user namespaces. */
const NAMESPACES = [["--mount"], ["--map-root-user", "--mount"]];

const inNamespace = (flags: readonly string[], script: string, directory: string) =>
  execFileSync("unshare", [...flags, "sh", "-c", script, process.execPath, program, directory], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Undefined on another system, in a container that may not mount, and without util-linux. */
const namespace = NAMESPACES.find(flags => {
  try {
    inNamespace(flags, MOUNT, temporaryDirectory());
    return true;
  } catch {
    return false;
  }
});

/** What the program says on its own small disk. */
const runOnSmallDisk = (script: string, directory: string) =>
  inNamespace(namespace ?? expect.fail("no small file system can be mounted here"), script, directory)
    .trim()
    .split("\n");

// CI has to be able to.
const withSmallDisk = namespace === undefined && process.env["CI"] === undefined ? () => undefined : describe;

withSmallDisk("a disk that is full for a while", () => {
  it("is told of once with what to do; reading goes on, writing too once there is room, and nothing is lost", () => {
    const [first = "", second = ""] = runOnSmallDisk(FILL, temporaryDirectory());
    const filled = JSON.parse(first) as {
      written: number;
      refused: string[];
      readable: number;
      after: string[];
      told: string[];
    };
    const checked = JSON.parse(second) as { records: number; highest: number };
    expect(new Set(filled.refused)).to.deep.equal(new Set(["STORAGE_DISK_FULL"]));
    expect(filled.readable).to.equal(100_000);
    expect(filled.after).to.deep.equal(["written", "written"]);
    expect(filled.told.map(line => line.split(" ")[0])).to.deep.equal(["warn", "info"]);
    expect(checked).to.deep.equal({ records: filled.written, highest: filled.written - 1 });
  });
});

withSmallDisk("a disk that can only be read", () => {
  it("is told of, for a database that was closed well too", () => {
    const [, answer = ""] = runOnSmallDisk(READ_ONLY, temporaryDirectory());
    expect(JSON.parse(answer)).to.deep.equal({ opened: "STORAGE_NOT_WRITABLE" });
  });
});
