import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer } from "node:net";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { LOG_COUNT, type ProcessIdentity } from "./network-host.js";
import { identityReader, parseStat, PsReader } from "./process-identity.js";
import { systemHost } from "./system-host.js";
import { fileError, SystemFiles } from "./system-files.js";
import { SystemProcesses } from "./system-processes.js";

const FOREVER = "console.log('up', process.env.SECRET, process.argv.slice(2).join()); setInterval(() => {}, 1000);";

/** Looks until it is so; the test's own limit ends it. */
async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise(resolve => setImmediate(resolve));
}

describe("processes of this machine", () => {
  let directory: string;
  let processes: SystemProcesses;
  const started: ProcessIdentity[] = [];
  const log = () => join(directory, "it", "log");
  const start = async (code: string) => {
    const main = join(directory, "main.mjs");
    await writeFile(main, code);
    const mains = { l1: main, deployer: main, node: main, "prover-agent": main };
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

  it("no networks of processes on Windows", () => {
    expect(() => identityReader("win32")).to.throw("WSL");
  });
});

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

  it("that no network has are not read: folders, pipes, giants", async () => {
    const giant = join(directory, "giant");
    await writeFile(giant, new Uint8Array(17 * 2 ** 20));
    const pipe = join(directory, "pipe");
    await promisify(execFile)("mkfifo", [pipe]);
    for (const path of [giant, pipe, directory]) {
      const error = (await files.read(path).catch((cause: unknown) => cause)) as Error;
      expect(error, path).to.have.property("code", "NETWORK_FILE_ACCESS");
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
        "NETWORK_DISK_FULL",
      );
  });

  it("what the system refuses has a code and a remedy", async () => {
    await writeFile(join(directory, "file"), "");
    const error = (await files.replace(join(directory, "file", "x"), "").catch((cause: unknown) => cause)) as Error;
    expect(error).to.have.property("code", "NETWORK_FILE_ACCESS");
    expect(error.message).to.contain("give another directory");
  });
});

describe("ports and programs of this machine", () => {
  const host = systemHost({ mains: { l1: "", deployer: "", node: "", "prover-agent": "" }, environment: {} });

  it("a port is taken while somebody listens; nobody is ready there", async () => {
    const server = createServer(socket => socket.destroy());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    expect(await host.isPortTaken(port, "tcp")).to.equal(true);
    expect(await host.readiness(`http://127.0.0.1:${port}`)).to.equal(undefined);
    expect(await host.isL1Ready(`http://127.0.0.1:${port}`)).to.equal(false);
    expect(await host.isPortTaken(port, "udp")).to.equal(false);
    server.close();
    await once(server, "close");
    expect(await host.isPortTaken(port, "tcp")).to.equal(false);
    const udp = createSocket("udp4").bind(port, "127.0.0.1");
    await once(udp, "listening");
    expect([await host.isPortTaken(port, "tcp"), await host.isPortTaken(port, "udp")]).to.deep.equal([false, true]);
    udp.close();
    await once(udp, "close");
  });

  it("whoever else listens there is read so far and no further, and taken for nobody", async () => {
    let sent = 0;
    const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
      endless: response => {
        const chunk = Buffer.alloc(65_536, 32);
        const send = () => {
          while (!response.destroyed && sent < 2 ** 28 && response.write(chunk)) sent += chunk.length;
        };
        response.on("drain", send);
        send();
      },
      garbage: response => void response.end("\u001b[2J{"),
      nothing: response => void response.end("null"),
      elsewhere: response => void response.writeHead(302, { location: "/ready" }).end("{}"),
      other: response => void response.writeHead(503).end('{"code":"\u001b[2J","reason":{}}'),
    };
    for (const [name, answer] of Object.entries(answers)) {
      const server = createHttpServer((_, response) => answer(response));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
      if (name !== "nothing") expect(await host.readiness(url), name).to.equal(undefined);
      expect(await host.isL1Ready(url), name).to.equal(false);
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    }
    // What was under way between the two, and no more.
    expect(sent).to.be.below(2 ** 26);
  });

  it("why a node is not ready is told without what could drive a terminal, and not at any length", async () => {
    const body = JSON.stringify({ code: "NODE_NOT_SYNCED", reason: `\u001b[2J${"x".repeat(5_000)}` });
    const server = createHttpServer((_, response) => void response.writeHead(503).end(body));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const found = await host.readiness(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    expect(found).to.deep.equal({ ready: false, code: "NODE_NOT_SYNCED", reason: `\ufffd[2J${"x".repeat(996)}` });
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  it("has cores and memory, and no token twice", () => {
    expect(host.cores).to.be.at.least(1);
    expect(host.freeBytes()).to.be.greaterThan(0);
    expect(host.newToken())
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(host.newToken());
  });
});
