import { expect } from "chai";
import { Lifecycle, type NamedService } from "./index.js";

function recorder() {
  const events: string[] = [];
  const signals = new Map<string, AbortSignal>();
  const service = (
    name: string,
    faults: { start?: () => Promise<void>; stop?: () => Promise<void> } = {},
  ): NamedService => ({
    name,
    service: {
      async start(signal) {
        signals.set(name, signal);
        events.push(`start ${name}`);
        await faults.start?.();
      },
      async stop() {
        events.push(`stop ${name}${signals.get(name)?.aborted ? "" : " (signal silent)"}`);
        await faults.stop?.();
      },
    },
  });
  return { events, signals, service };
}

const fail = (text: string) => ({ stop: () => Promise.reject(new Error(text)) });
const never = new AbortController().signal;
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("Lifecycle", () => {
  it("starts in order, stops in reverse, each signal right before its stop", async () => {
    const { events, signals, service } = recorder();
    const stopB = async () => void events.push(`a is ${signals.get("a")?.aborted ? "cut" : "alive"}`);
    const group = new Lifecycle({ services: [service("a"), service("b", { stop: stopB })] });
    await group.start(never);
    await Promise.all([group.stop(), group.stop()]);
    await group.stop();
    expect(events).to.deep.equal(["start a", "start b", "stop b", "a is alive", "stop a"]);
  });

  it("a failing start stops what was started, itself too, and names it", async () => {
    const { events, service } = recorder();
    const group = new Lifecycle({
      services: [
        service("a"),
        service("b", { start: () => Promise.reject(new Error("port 8080 is taken")) }),
        service("c"),
      ],
    });
    const error = await caught(group.start(never));
    expect(error).to.include({ code: "RUNTIME_START_FAILED", message: "b did not start: port 8080 is taken" });
    expect(events).to.deep.equal(["start a", "start b", "stop b", "stop a"]);
    await group.stop();
    expect(events.length).to.equal(4);
  });

  it("stop during start gives up and waits for the end", async () => {
    const { events, signals, service } = recorder();
    const untilAborted = () =>
      new Promise<void>((_, reject) => signals.get("b")?.addEventListener("abort", () => reject(new Error("cut"))));
    const group = new Lifecycle({ services: [service("a"), service("b", { start: untilAborted }), service("c")] });
    const start = caught(group.start(never));
    await Promise.resolve();
    await Promise.resolve();
    await group.stop();
    expect(await start).to.include({ code: "RUNTIME_ABORTED" });
    expect(events).to.deep.equal(["start a", "start b", "stop b", "stop a"]);
  });

  it("an abort of the given signal ends the start and cuts every service", async () => {
    const { events, signals, service } = recorder();
    const controller = new AbortController();
    controller.abort("no");
    expect(await caught(new Lifecycle({ services: [service("a")] }).start(controller.signal))).to.include({
      code: "RUNTIME_ABORTED",
      cause: "no",
    });
    expect(events).to.deep.equal([]);
    const later = new AbortController();
    const group = new Lifecycle({ services: [service("a"), service("b")] });
    await group.start(later.signal);
    later.abort();
    expect([...signals.values()].map(signal => signal.aborted)).to.deep.equal([true, true]);
    await group.stop();
  });

  it("stops all of them even if some fail to, and tells all", async () => {
    const { events, service } = recorder();
    const group = new Lifecycle({ services: [service("a", fail("disk")), service("b"), service("c", fail("socket"))] });
    await group.start(never);
    const error = await caught(group.stop());
    expect(error).to.include({ code: "RUNTIME_STOP_FAILED", message: "c did not stop: socket; a did not stop: disk" });
    expect(events.slice(3)).to.deep.equal(["stop c", "stop b", "stop a"]);
  });

  it("does not start twice, but again after a stop", async () => {
    const { events, service } = recorder();
    const group = new Lifecycle({ services: [service("a")] });
    await group.stop();
    await group.start(never);
    expect(await caught(group.start(never))).to.include({ code: "RUNTIME_ALREADY_STARTED" });
    await group.stop();
    await group.start(never);
    expect(events).to.deep.equal(["start a", "stop a", "start a"]);
    await group.stop();
  });
});
