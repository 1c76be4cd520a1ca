import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { LOG_COUNT } from "./host-files.js";
import { identityReader, parseStat, PsReader } from "./process-identity.js";
import type { ProcessIdentity } from "./process-table.js";
import { SystemProcesses } from "./system-processes.js";

const FOREVER = "console.log('up', process.env.SECRET, process.argv.slice(2).join()); setInterval(() => {}, 1000);";

/** Looks until it is so; the test's own limit ends it. */
async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise(resolve => setImmediate(resolve));
}

describe("processes of this machine", () => {
  let directory: string;
  let processes: SystemProcesses<"node">;
  const started: ProcessIdentity[] = [];
  const log = () => join(directory, "it", "log");
  const start = async (code: string) => {
    const main = join(directory, "main.mjs");
    await writeFile(main, code);
    const mains = { node: main };
    processes = new SystemProcesses({ identities: identityReader() }, { mains, environment: { BASE: "1" } });
    const identity = await processes.start({
      program: "node",
      args: ["--flag"],
      environment: { SECRET: "hidden" },
      folder: join(directory, "it"),
      logFile: log(),
    });
    started.push(identity);
    return identity;
  };
  const gone = (identity: ProcessIdentity) => until(async () => !(await processes.isRunning(identity)));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sprtn-processes-"));
  });
  afterEach(async () => {
    for (const identity of started.splice(0)) {
      await processes.signal(identity, "SIGKILL");
      await gone(identity);
    }
    await rm(directory, { recursive: true });
  });

  it("run in their folder, with their log, and keep secrets off the command line", async () => {
    const identity = await start(FOREVER);
    await until(async () => (await readFile(log(), "utf8")).includes("up hidden --flag"));
    expect(await processes.isRunning(identity)).to.equal(true);
    if (process.platform !== "linux") return;
    expect(await readFile(`/proc/${identity.pid}/cmdline`, "utf8")).to.not.contain("hidden");
    // A session of its own: what ends our terminal does not end it.
    const fields = (await readFile(`/proc/${identity.pid}/stat`, "utf8")).split(") ").at(-1)?.split(" ");
    expect(fields?.[3]).to.equal(String(identity.pid));
  });

  it("know their log, so that they keep it within its bounds", async () => {
    await start(`console.log('bound', process.env.LOG_OUTPUT_FILE, process.env.LOG_FILE_COUNT); ${FOREVER}`);
    await until(async () => (await readFile(log(), "utf8")).includes(`bound ${log()} ${LOG_COUNT}`));
  });

  it("get SIGTERM, and have ended then; a second signal reaches nobody", async () => {
    const identity = await start(`process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); ${FOREVER}`);
    await until(async () => (await readFile(log(), "utf8")).includes("up"));
    await processes.signal(identity, "SIGTERM");
    await gone(identity);
    expect(await readFile(log(), "utf8")).to.contain("bye");
    await processes.signal(identity, "SIGKILL");
  });

  it("one that has the number of another is not taken for it, nor signalled", async () => {
    const identity = await start(FOREVER);
    for (const other of [
      { ...identity, started: "1" },
      { ...identity, boot: "another" },
    ]) {
      expect(await processes.isRunning(other)).to.equal(false);
      await processes.signal(other, "SIGKILL");
    }
    expect(await processes.isRunning(identity)).to.equal(true);
  });

  it("one that nobody noted is found by its folder; its own children are not taken for it", async () => {
    if (process.platform !== "linux") return;
    const where = (name: string) => ({ folder: join(directory, name), program: "node" as const });
    // A child in a session of its own, as L1's anvil is.
    const options = "{ stdio: 'ignore', detached: true }";
    const child = `import('node:child_process').then(({ spawn }) => spawn('sleep', ['9'], ${options}));`;
    const identity = await start(`${child} ${FOREVER}`);
    await until(async () => (await readFile(log(), "utf8")).includes("up"));
    const { pid, started: since, boot } = (await processes.startedIn(where("it"))) as ProcessIdentity;
    expect({ pid, started: since, boot }).to.deep.equal(identity);
    expect(await processes.startedIn(where("i"))).to.equal(undefined);
    await processes.signal(identity, "SIGKILL");
    await gone(identity);
    expect(await processes.startedIn(where("it"))).to.equal(undefined);
  });

  it("one that works in another folder is known by that, also if the folder was moved or is gone", async () => {
    if (process.platform !== "linux") return;
    const identity = await start(FOREVER);
    const [folder, moved] = [join(directory, "it"), join(directory, "moved")];
    expect(await processes.worksElsewhere(identity, folder)).to.equal(false);
    await mkdir(join(directory, "copy"));
    expect(await processes.worksElsewhere(identity, join(directory, "copy"))).to.equal(true);
    await rename(folder, moved);
    expect(await processes.worksElsewhere(identity, moved)).to.equal(false);
    expect(await processes.worksElsewhere(identity, folder)).to.equal(true);
    await rm(moved, { recursive: true });
    await mkdir(moved);
    expect(await processes.worksElsewhere(identity, moved)).to.equal(false);
  });

  it("one that ends at once is not running", async () => {
    await gone(await start("process.exit(3)"));
  });

  it("what can only be known by ps is enough too", async () => {
    const identity = await start(FOREVER);
    const reader = new PsReader();
    const first = await reader.identityOf(identity.pid);
    expect(first?.started).to.match(/\d\d:\d\d:\d\d/);
    expect(await reader.identityOf(identity.pid)).to.deep.equal(first);
    await processes.signal(identity, "SIGKILL");
    await gone(identity);
    expect(await reader.identityOf(identity.pid)).to.equal(undefined);
  });

  it("the state of one is read whatever its name is; one that waits to be reaped has ended", () => {
    const rest = Array.from({ length: 18 }, (_, i) => i).join(" ");
    expect(parseStat(`7 (a) R) (b) S ${rest} 4711 9`)).to.deep.equal({ started: "4711", ended: false });
    expect(parseStat(`7 (x) Z ${rest} 4711 9`)).to.deep.equal({ started: "4711", ended: true });
    expect(parseStat("")).to.equal(undefined);
  });

  it("no programs in the background on Windows", () => {
    expect(() => identityReader("win32")).to.throw("WSL");
  });
});
