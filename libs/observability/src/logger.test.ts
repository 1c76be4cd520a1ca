import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { CodedError } from "@sprtn/primitives";
import type { Logger } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { composeSettings, parseSettings, Secret } from "@sprtn/settings";
import { expect } from "chai";
import { createLogger } from "./index.js";
import { logLevels, observabilitySettings } from "./settings.js";

const HASH = `0x12345678${"00".repeat(26)}9abc`;
const composed = composeSettings({ observability: observabilitySettings });
const settingsOf = (...args: string[]) => parseSettings(composed, { args }).settings.observability;
const clock = new ManualClock(Date.UTC(2026, 10, 21, 9));

function capture(): { stream: Writable; lines: () => string[] } {
  let text = "";
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { stream, lines: () => text.split("\n").slice(0, -1) };
}

async function logged(args: string[], use: (logger: ReturnType<typeof createLogger>) => void): Promise<string[]> {
  const { stream, lines } = capture();
  const logger = createLogger({ clock, stream }, settingsOf(...args), "node");
  use(logger);
  await logger.close();
  return lines();
}

function logAtEveryLevel(logger: Logger): void {
  for (const level of logLevels) logger[level](level);
}

describe("logger", () => {
  it("writes one line for people: time, level, module, message, fields", async () => {
    const lines = await logged([], logger => {
      logger.info("built block", {
        slot: 7,
        fee: 10n ** 20n,
        hash: HASH,
        peer: undefined,
        note: "two words",
        root: new Uint8Array(32),
        ids: [1n, 2n],
      });
      logger
        .child("sequencer", { epoch: 3 })
        .child("publisher")
        .warn("late", { epoch: 4, error: new CodedError("L1_DOWN", "no answer: try another URL") });
    });
    expect(lines).to.deep.equal([
      "2026-11-21T09:00:00.000Z info    node: built block slot=7 fee=100000000000000000000 hash=0x12345678…9abc " +
        `note="two words" root=0x00000000…0000 ids=["1","2"]`,
      `2026-11-21T09:00:00.000Z warn    node:sequencer:publisher: late epoch=4 error="L1_DOWN: no answer: try ` +
        `another URL"`,
    ]);
  });

  it("keeps to its level", async () => {
    const counts = await Promise.all(
      logLevels.map(async level => (await logged(["--log-level", level], logAtEveryLevel)).length),
    );
    expect(counts).to.deep.equal([1, 2, 3, 4, 5]);
    expect(() => settingsOf("--log-level=loud")).to.throw("one of error, warn, info, verbose, debug");
  });

  it("writes JSON with whole values", async () => {
    const lines = await logged(["--log-format=json"], logger => {
      logger.error("broke", {
        message: "mine",
        hash: HASH,
        wei: 5n,
        bytes: Uint8Array.of(1, 255),
        error: new CodedError("X", "do this", { at: 3n }, { cause: new Error("root") }),
      });
    });
    const { error, ...rest } = JSON.parse(lines[0] as string) as { error: Record<string, unknown> };
    expect(rest).to.deep.equal({
      time: "2026-11-21T09:00:00.000Z",
      level: "error",
      module: "node",
      message: "broke",
      message_: "mine",
      hash: HASH,
      wei: "5",
      bytes: "0x01ff",
    });
    expect(error).to.deep.include({ code: "X", error: "do this", at: "3" });
    expect(error["cause"]).to.include({ error: "root" });
  });

  it("stays on one line, shows no secret and survives what cannot be shown", async () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle["self"] = circle;
    for (const format of ["human", "json"]) {
      const lines = await logged(["--log-format", format], logger =>
        logger.info("a\nb\u001b[2J", {
          text: "x\ny\u2028",
          key: new Secret("hunter2"),
          deep: { key: new Secret("hunter2") },
          circle,
          f: null,
        }),
      );
      expect(lines.length).to.equal(1);
      // oxlint-disable-next-line no-control-regex
      expect(lines[0]).not.to.match(/hunter2|[\u0000-\u001f\u2028]/);
    }
  });

  it("writes to a file as well, and replaces it when it is large", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sprtn-log-"));
    const { stream, lines } = capture();
    const logger = createLogger(
      { clock, stream },
      settingsOf("--log-file", join(directory, "node.log"), "--log-file-max-mb=1", "--log-file-count=2"),
      "node",
    );
    for (let i = 0; i < 3000; i++) logger.info("x".repeat(1000), { i });
    await logger.close();
    const files = readdirSync(directory).toSorted();
    expect(lines().length).to.equal(3000);
    expect(files).to.deep.equal(["node.log", "node.log.1"]);
    const kept = ["node.log.1", "node.log"].flatMap(file =>
      readFileSync(join(directory, file), "utf8").trimEnd().split("\n"),
    );
    // Nothing is lost at the turns: the newest lines without a gap.
    expect(kept.map(line => (JSON.parse(line) as { i: number }).i)).to.deep.equal(
      Array.from({ length: kept.length }, (_, at) => 3000 - kept.length + at),
    );
    for (const file of files) expect(readFileSync(join(directory, file)).length).to.be.at.most(2 ** 20);
    const again = createLogger(
      { clock, stream },
      settingsOf("--log-file", join(directory, "node.log"), "--log-file-max-mb=1", "--log-file-count=1"),
      "node",
    );
    again.info("appended");
    await again.close();
    expect(readFileSync(join(directory, "node.log"), "utf8")).to.match(/"i":2999}\n.*appended.*\n$/);
    rmSync(directory, { recursive: true });
  });

  it("bounds the file that standard output is appended to, which others append to as well", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sprtn-log-"));
    const path = join(directory, "log");
    // As a parent opens it, and hands it to a process as its standard error.
    const other = openSync(path, "a");
    const settings = settingsOf("--log-output-file", path, "--log-file-max-mb=1", "--log-file-count=3");
    const logger = createLogger({ clock }, settings, "node");
    for (let i = 0; i < 5000; i++) logger.info("x".repeat(1000), { i });
    await logger.close();
    writeSync(other, "a crash\n");
    closeSync(other);
    expect(readdirSync(directory).toSorted()).to.deep.equal(["log", "log.1", "log.2"]);
    const kept = ["log.2", "log.1", "log"].flatMap(file =>
      readFileSync(join(directory, file), "utf8").trimEnd().split("\n"),
    );
    expect(kept.pop()).to.equal("a crash");
    expect(kept.map(line => Number(/ i=(\d+)$/.exec(line)?.[1]))).to.deep.equal(
      Array.from({ length: kept.length }, (_, at) => 5000 - kept.length + at),
    );
    for (const file of readdirSync(directory))
      expect(readFileSync(join(directory, file)).length).to.be.at.most(2 ** 20);
    rmSync(directory, { recursive: true });
  });

  it("counts what others append to that file", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sprtn-log-"));
    const path = join(directory, "log");
    const settings = settingsOf("--log-output-file", path, "--log-file-max-mb=1", "--log-file-count=2");
    const logger = createLogger({ clock }, settings, "node");
    for (const place of ["first", "second"]) {
      logger.info(place);
      while (!existsSync(path) || !readFileSync(path, "utf8").includes(place)) await new Promise(setImmediate);
      if (place === "first") appendFileSync(path, `${"y".repeat(2 ** 20)}\n`);
    }
    await logger.close();
    expect(readFileSync(`${path}.1`, "utf8")).to.match(/first\ny+\n$/);
    expect(readFileSync(path, "utf8")).to.match(/second\n$/);
    rmSync(directory, { recursive: true });
  });

  it("empties that file even where no copy can be kept", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sprtn-log-"));
    const path = join(directory, "log");
    // A folder is in the way of the copy, as a full disk would be.
    mkdirSync(`${path}.1`);
    const heard: unknown[] = [];
    const settings = settingsOf("--log-output-file", path, "--log-file-max-mb=1", "--log-file-count=2");
    const logger = createLogger({ clock, onError: error => heard.push(error) }, settings, "node");
    for (let i = 0; i < 2000; i++) logger.info("x".repeat(1000), { i });
    await logger.close();
    expect(readFileSync(path, "utf8")).to.match(/ i=1999\n$/);
    expect(readFileSync(path).length).to.be.at.most(2 ** 20);
    expect(heard).to.have.length.above(0);
    rmSync(directory, { recursive: true });
  });

  it("goes on when standard output and standard error are files on a full disk", async () => {
    if (!existsSync("/dev/full")) return;
    const code = `
      import { createLogger } from ${JSON.stringify(new URL("./index.js", import.meta.url).href)};
      const settings = { logLevel: "info", logFormat: "human", logFileMaxMb: 1, logFileCount: 2 };
      const clock = { nowMs: () => 0 };
      const logger = createLogger({ clock }, { ...settings, logOutputFile: process.env.OUTPUT }, "x");
      for (let i = 0; i < 3; i++) { logger.info("lost"); await new Promise(setImmediate); }
      await logger.close();
      process.exitCode = 7;`;
    for (const OUTPUT of [undefined, "/dev/full"]) {
      const full = openSync("/dev/full", "a");
      const env = OUTPUT === undefined ? {} : { OUTPUT };
      const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
        env,
        stdio: ["ignore", full, full],
      });
      closeSync(full);
      const [exitCode] = (await once(child, "exit")) as [number | null];
      expect(exitCode, OUTPUT).to.equal(7);
    }
  });

  it("goes on when the file cannot be written, and says so", async () => {
    const directory = mkdtempSync(join(tmpdir(), "sprtn-log-"));
    writeFileSync(join(directory, "taken"), "");
    // Below a file, and where no folder can be made: there Node waits for ever if told to make those above it too.
    for (const path of [join(directory, "taken", "node.log"), "/proc/sprtn-test/node.log"]) {
      const { stream, lines } = capture();
      const heard: unknown[] = [];
      const logger = createLogger(
        { clock, stream, onError: error => heard.push(error) },
        settingsOf("--log-file", path),
        "node",
      );
      logger.info("still here");
      logger.info("and here");
      await logger.close();
      expect(heard, path).to.have.length(1);
      expect((heard[0] as { code: string }).code).to.equal("OBSERVABILITY_LOG_FILE");
      expect(lines().length).to.equal(2);
      expect(lines()[0]).to.contain("still here");
    }
    rmSync(directory, { recursive: true });
  });

  it("bounds what waits for a slow reader, says so once, and goes on when it catches up", async () => {
    const waiting: (() => void)[] = [];
    let lines = 0;
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines += chunk.toString().split("\n").length - 1;
        if (waiting.length === 0) waiting.push(done);
        else done();
      },
    });
    const errors: unknown[] = [];
    const logger = createLogger({ clock, stream, onError: error => errors.push(error) }, settingsOf(), "node");
    for (let i = 0; i < 40; i++) logger.info("x".repeat(2 ** 20));
    expect(stream.writableLength).to.be.below(19 * 2 ** 20);
    expect(errors.map(error => (error as { code: string }).code)).to.deep.equal(["OBSERVABILITY_LOG_OVERFLOW"]);
    waiting[0]?.();
    await new Promise<void>(resolve => stream.write("", () => resolve()));
    logger.info("again");
    await logger.close();
    expect(lines).to.be.within(15, 19);
  });
});
