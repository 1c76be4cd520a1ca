import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { temporaryDirectory } from "./test/temporary-directory.js";

const program = fileURLToPath(new URL("test/full-disk.js", import.meta.url));
/** A file system of 32 MiB in its own mount namespace, with whatever permissions there are; then the program, twice. */
const MOUNT = 'mount -t tmpfs -o size=32m tmpfs "$2"';
const FILL = `${MOUNT} && { "$0" "$1" fill "$2"; "$0" "$1" check "$2"; }`;
const READ_ONLY = `${MOUNT} && "$0" "$1" check "$2" && mount -o remount,ro "$2" && "$0" "$1" open "$2"`;

/** What the program says on its own small disk. */
function runOnSmallDisk(script: string, directory: string): string[] {
  const shell = ["sh", "-c", script, process.execPath, program, directory];
  const errors: string[] = [];
  for (const flags of [["--mount"], ["--map-root-user", "--mount"]]) {
    try {
      return execFileSync("unshare", [...flags, ...shell], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
        .trim()
        .split("\n");
    } catch (error) {
      errors.push(String(error));
    }
  }
  return expect.fail(`no small file system can be mounted here: ${errors.join("\n")}`);
}

// Another system's kernel has neither; CI runs on Linux.
const onLinux = process.platform === "linux" ? describe : () => undefined;

onLinux("a disk that is full for a while", () => {
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

onLinux("a disk that can only be read", () => {
  it("is told of, for a database that was closed well too", () => {
    const [, answer = ""] = runOnSmallDisk(READ_ONLY, temporaryDirectory());
    expect(JSON.parse(answer)).to.deep.equal({ opened: "STORAGE_NOT_WRITABLE" });
  });
});
