import { type LogEntry, shownEntry } from "@sprtn/host";
import { expect } from "chai";
import { bringUp } from "../local/bring-up.js";
import { FakeHost } from "../test/fake-host.js";
import { type LogsOptions, networkLogs } from "./network-logs.js";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`;

describe("a network's logs", () => {
  let host: FakeHost;
  const never = new AbortController().signal;
  const logOf = (name: string) => `/net/${name}/log`;
  const read = async (options: Partial<LogsOptions> = {}) => {
    const entries: LogEntry[] = [];
    const onEntry = (entry: LogEntry) => void entries.push(entry);
    await networkLogs(host, { directory: "/net", names: [], follow: false, signal: never, onEntry, ...options });
    return entries;
  };
  const texts = (entries: readonly LogEntry[]) =>
    entries.flatMap(({ lines }) => lines.map(line => line.split(": ").at(-1)));

  beforeEach(async () => {
    host = new FakeHost();
    const given = { sequencers: 1, provers: 0 };
    await bringUp(host, { directory: "/net", given, waitMs: 1_000, signal: never, onProgress: () => undefined });
    for (const name of ["l1", "deploy", "bootnode", "validator-1"]) host.disk.set(logOf(name), "");
  });

  it("are merged by time; lines without one stay with the line before them", async () => {
    host.disk.set(logOf("l1"), `${at(1)} info    x: a\n${at(4)} error   x: d\n    at somewhere: e\n`);
    host.disk.set(
      logOf("validator-1"),
      `early: 0\n${at(2)} warn    x: b\n${at(3)} debug   x: c\n${at(5)} info    x: f\n`,
    );
    expect(texts(await read())).to.deep.equal(["0", "a", "b", "c", "d", "    at somewhere: e".slice(-1), "f"]);
    expect(texts(await read({ names: ["l1"] }))).to.deep.equal(["a", "d", "e"]);
    expect(texts(await read({ level: "warn" }))).to.deep.equal(["0", "b", "d", "e"]);
    expect(texts(await read({ sinceMs: Date.parse(at(4)) }))).to.deep.equal(["d", "e", "f"]);
  });

  it("an unknown name is told, with those that there are", async () => {
    const error = (await read({ names: ["validator-9"] }).catch((failure: unknown) => failure)) as Error;
    expect(error.message).to.contain("validator-9").and.contain("bootnode");
  });

  it("long logs and lines without end are read in parts, letters whole", async () => {
    const long = "ä".repeat(50_000);
    host.disk.set(logOf("l1"), `${at(1)} info    x: ${long}\n${at(2)} info    x: b\n`);
    const [first, second] = await read();
    expect(second?.lines).to.deep.equal([`${at(2)} info    x: b`]);
    expect(first?.lines.join("").replaceAll("\ufffd", "").length).to.be.within(50_000, 50_100);
  });

  it("follows what is written, line by line, until the signal", async () => {
    host.disk.set(logOf("l1"), `${at(1)} info    x: a\n${at(2)} info    x: half`);
    const controller = new AbortController();
    const seen: string[] = [];
    const onEntry = ({ lines }: LogEntry) => {
      seen.push(...lines.map(line => line.split(": ").at(-1) as string));
      if (seen.length === 1) host.disk.set(logOf("l1"), `${host.disk.get(logOf("l1"))} a line\n`);
      if (seen.length === 2) controller.abort();
    };
    await read({ follow: true, signal: controller.signal, onEntry });
    expect(seen).to.deep.equal(["a", "half a line"]);
  });

  it("a last line without an end is shown too: it may be how a process died", async () => {
    host.disk.set(logOf("l1"), `${at(1)} info    x: a\nfatal`);
    expect((await read()).flatMap(({ lines }) => lines)).to.deep.equal([`${at(1)} info    x: a`, "fatal"]);
  });

  it("begin with the parts that were set aside", async () => {
    host.disk.set(`${logOf("l1")}.2`, `${at(1)} info    x: a\n`);
    host.disk.set(`${logOf("l1")}.1`, `${at(2)} info    x: b\ncut`);
    host.disk.set(logOf("l1"), `${at(3)} info    x: c\n`);
    expect(texts(await read())).to.deep.equal(["a", "b", "cut", "c"]);
  });

  it("go on after the log was set aside and emptied, and after it was removed", async () => {
    const first = `${at(1)} info    x: a\n`;
    host.disk.set(logOf("l1"), first);
    const controller = new AbortController();
    const steps = [
      () => {
        host.disk.set(`${logOf("l1")}.1`, `${first}${at(2)} info    x: b\n`);
        host.disk.set(logOf("l1"), "");
      },
      () => host.disk.set(logOf("l1"), `${at(3)} info    x: c\n`),
      () => {
        host.disk.delete(`${logOf("l1")}.1`);
        host.disk.delete(logOf("l1"));
      },
    ];
    let looks = 0;
    const seen: string[] = [];
    const { slice } = host.files;
    Object.assign(host.files, {
      slice: async (...asked: Parameters<typeof slice>) => {
        // Each look at all logs ends with the last one's.
        if (asked[0] === logOf("validator-1") && looks++ > 20) controller.abort();
        return slice(...asked);
      },
    });
    await read({
      follow: true,
      signal: controller.signal,
      onEntry: ({ lines }) => {
        seen.push(...lines.map(line => line.split(": ").at(-1) as string));
        steps.shift()?.();
      },
    });
    expect(seen).to.deep.equal(["a", "b", "c"]);
  });

  it("drive no terminal", () => {
    const entry = { name: "l1", timeMs: 1, level: undefined, lines: ["\u001b[2Jgone\ttab"] };
    expect(shownEntry(entry, 4)).to.equal("l1    \ufffd[2Jgone\ttab\n");
  });
});
