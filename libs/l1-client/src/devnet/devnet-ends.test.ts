import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { anvilBinary } from "./anvil-binary.js";
import { startDevnet } from "./start-devnet.js";

describe("the end of a devnet", () => {
  let directory = "";
  /** Anvil, which tells its process. */
  let binary = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "devnet-"));
    binary = join(directory, "anvil");
    const script = `#!/bin/sh\necho $$ >"${join(directory, "pid")}"\nexec "${anvilBinary()}" "$@"\n`;
    await writeFile(binary, script, { mode: 0o755 });
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** Of anvil alone, as somebody does from outside. */
  const suspend = async () => process.kill(Number(await readFile(join(directory, "pid"), "utf8")), "SIGSTOP");

  async function endsWithItsParent(first: () => unknown): Promise<void> {
    const code =
      `import { startDevnet } from ${JSON.stringify(new URL("./index.js", import.meta.url).href)}; ` +
      `const devnet = await startDevnet({ binary: ${JSON.stringify(binary)} }); ` +
      "process.stdout.write(String(devnet.port)); setInterval(() => {}, 1000);";
    const parent = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const socket = connect(Number(line.toString()), "127.0.0.1");
      await once(socket, "connect");
      // A reset is an end too.
      const closed = new Promise(resolve =>
        socket
          .on("error", () => undefined)
          .once("close", resolve)
          .resume(),
      );
      await first();
      parent.kill("SIGKILL");
      await closed;
    } finally {
      // Also when the test fails: a child that lives on would keep the whole run from ending.
      parent.kill("SIGKILL");
    }
  }

  it("comes with the process that started it, however that dies", () => endsWithItsParent(() => undefined));

  it("comes with it too while somebody has suspended the devnet", () => endsWithItsParent(suspend));

  it("keeps the state of one that somebody has suspended", async () => {
    const devnet = await startDevnet({ binary, stateFile: join(directory, "l1.json") });
    await suspend();
    await devnet.stop();
    expect(await devnet.exited).to.deep.equal({ code: 0, signal: null });
    expect(await readdir(directory)).to.include("l1.json");
  });
});
