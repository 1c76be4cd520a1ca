import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createListener } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

const main = fileURLToPath(new URL("./main.js", import.meta.url));
const KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const ROLLUP = `0x${"ab".repeat(20)}`;

/** A bootnode and an L1 in one. */
async function startEndpoint(): Promise<{ readonly server: Server; readonly url: string }> {
  const results: Record<string, unknown> = {
    node_getNodeInfo: {
      version: "0.1.0",
      network: "test",
      l1ChainId: "31337",
      contracts: { rollup: ROLLUP },
      proofMode: "simulated",
      crs: null,
    },
    eth_chainId: "0x7a69",
    eth_getCode: "0x60",
  };
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { id, method } = JSON.parse(text) as { readonly id: number; readonly method: string };
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result: results[method] }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** One that nobody listened on a moment ago. */
async function freePort(): Promise<string> {
  const listener = createListener().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return String(port);
}

describe("sprtn", () => {
  let ports: readonly [string, string];
  let directory: string;
  let endpoint: Awaited<ReturnType<typeof startEndpoint>>;
  before(async () => {
    endpoint = await startEndpoint();
    ports = [await freePort(), await freePort()];
  });
  after(() => {
    endpoint.server.closeAllConnections();
    endpoint.server.close();
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sprtn-command-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function sprtn(...args: string[]): Promise<Run> {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: directory,
      env: { PATH: directory },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output, errors };
  }
  const joining = () => [
    "--role",
    "validator",
    "--join",
    endpoint.url,
    "--ethereum-host",
    endpoint.url,
    "-p",
    ports[0],
    "-p2p",
    ports[1],
    "--set",
    "LOG_LEVEL=debug",
  ];

  it("lists its verbs, and each its flags", async () => {
    const { code, output } = await sprtn("--help");
    expect(code).to.equal(0);
    for (const verb of ["config", "start", "stop", "restart", "logs", "status", "doctor"]) {
      expect(output).to.contain(verb);
      const help = await sprtn(verb, "--help");
      expect([help.code, help.errors], verb).to.deep.equal([0, ""]);
      expect(help.output, verb).to.contain(`sprtn ${verb}`).and.contain("--dir");
    }
  });

  it("verbs of verbs list theirs, and each its flags", async () => {
    for (const words of [
      "keys new",
      "keys import",
      "keys list",
      "validator status",
      "validator stake",
      "rewards claim",
      "teocalli propose",
    ]) {
      const [group, verb] = words.split(" ") as [string, string];
      expect((await sprtn(group, "--help")).output, group).to.contain(verb);
      const help = await sprtn(group, verb, "--help");
      expect([help.code, help.errors], words).to.deep.equal([0, ""]);
      expect(help.output).to.contain(`sprtn ${words}`);
    }
    expect((await sprtn("keys")).code).to.equal(2);
  });

  it("a key that was made sets a validator up", async () => {
    const made = await sprtn("keys", "new", "--json");
    const [{ path }] = JSON.parse(made.output) as [{ readonly path: string }];
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect((await sprtn("config", ...joining(), "--key-file", path)).code).to.equal(0);
    const [key] = JSON.parse((await sprtn("keys", "list", "--json")).output) as [{ readonly used: boolean }];
    expect(key.used).to.equal(true);
  });

  it("config's help begins with ten flags, and has all, and the node's", async () => {
    const flagsIn = async (...args: string[]) => {
      const { code, output } = await sprtn("config", "--help", ...args);
      expect(code).to.equal(0);
      return output.match(/^ {2}-/gm)?.length ?? 0;
    };
    expect(await flagsIn()).to.equal(10);
    expect(await flagsIn("all")).to.be.within(17, 30);
    expect(await flagsIn("node")).to.be.greaterThan(100);
  });

  it("slashing-protection needs a file, and a record", async () => {
    const failure = async (...args: string[]) => {
      const { code, errors } = await sprtn("slashing-protection", ...args);
      return [code, errors.split(":")[0]];
    };
    await writeFile(join(directory, "key"), KEY);
    expect(await failure("export", "x.json")).to.deep.equal([2, "OPERATOR_NOT_INSTALLED"]);
    expect((await sprtn("config", ...joining(), "--key-file", "key")).code).to.equal(0);
    expect(await failure("export")).to.deep.equal([2, "OPERATOR_USAGE"]);
    expect(await failure("export", "x.json")).to.deep.equal([1, "WIRING_NO_DATA_DIRECTORY"]);
    expect(await readdir(directory)).to.not.include("data");
  });

  it("an unknown verb or flag, a bad value, or no verb is wrong usage", async () => {
    for (const args of [
      ["stauts"],
      [],
      ["start", "--wiat"],
      ["stop", "--timeout", "soon"],
      ["status", "validator"],
      ["config", "-p", "0"],
    ])
      expect((await sprtn(...args)).code, args.join(" ")).to.equal(2);
  });

  it("a directory without a node is wrong usage", async () => {
    for (const verb of ["start", "stop", "restart", "logs", "status", "doctor"]) {
      const { code, errors } = await sprtn(verb);
      expect([code, errors.split(":")[0]], verb).to.deep.equal([2, "OPERATOR_NOT_INSTALLED"]);
    }
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("config with flags only sets a validator up; run again, it keeps what is not given", async () => {
    await writeFile(join(directory, "key"), KEY);
    const first = await sprtn("config", ...joining(), "--key-file", "key", "--json");
    expect(first.code, first.errors).to.equal(0);
    const path = join(directory, ".env");
    const before = await readFile(path, "utf8");
    expect(before).to.contain(`SEQ_PUBLISHER_PRIVATE_KEY=0x${KEY}`).and.contain("LOG_LEVEL=debug");
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    await writeFile(path, `# mine\n${before}MINE=1\n`);
    const second = await sprtn("config", "--name", "v1", "--mode", "docker");
    expect(second.code, second.errors).to.equal(0);
    const text = await readFile(path, "utf8");
    for (const part of ["# mine", "MINE=1", "NODE_NAME=v1", "LOG_LEVEL=debug", KEY, "DATA_DIRECTORY=/data"])
      expect(text).to.contain(part);
    expect((await sprtn("config", "--print")).output)
      .to.contain("[secret]")
      .and.not.contain(KEY);
    const started = await sprtn("start");
    expect([started.code, started.errors.split(":")[0]]).to.deep.equal([1, "OPERATOR_UNSUPPORTED"]);
  });

  it("config writes nothing for what cannot be, and says all of it", async () => {
    await writeFile(join(directory, "key"), "0x12");
    const cases: [string[], number, string][] = [
      [[], 2, "OPERATOR_USAGE"],
      [["--role", "validator"], 2, "OPERATOR_USAGE"],
      [[...joining(), "--key-file", "none"], 2, "OPERATOR_USAGE"],
      [[...joining(), "--key-file", "key"], 2, "OPERATOR_BAD_KEY"],
      [["--role", "node", "--join", "http://127.0.0.1:9"], 3, "OPERATOR_UNREACHABLE"],
      [["--role", "emperor"], 2, "SETTINGS_INVALID"],
      [[...joining().slice(0, -1), "nonsense"], 2, "OPERATOR_USAGE"],
      [["--role", "node", ...joining().slice(2, -1), "LOG_LEVEL=loud"], 2, "SETTINGS_INVALID"],
    ];
    for (const [args, exit, text] of cases) {
      const { code, errors } = await sprtn("config", ...args);
      expect([code, errors.split(":")[0]], args.join(" ")).to.deep.equal([exit, text]);
    }
    expect(await readdir(directory)).to.deep.equal(["key"]);
  });

  it("a key that another directory is set up with is refused", async () => {
    await writeFile(join(directory, "key"), KEY);
    expect((await sprtn("config", ...joining(), "--key-file", "key", "--dir", "v1")).code).to.equal(0);
    const { code, errors } = await sprtn("config", ...joining(), "--key-file", "key", "--dir", "v2");
    expect([code, errors.split(":")[0]]).to.deep.equal([4, "OPERATOR_KEY_IN_USE"]);
  });
});
