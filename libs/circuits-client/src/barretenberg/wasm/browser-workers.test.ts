import { expect } from "chai";
import { WasmInstance } from "./wasm-instance.js";
import { watchWorkers } from "./watch-workers.js";

type Listener = (event: { readonly message?: string }) => void;

/** A browser's worker whose script does not load. */
class PageWorker {
  static readonly all: PageWorker[] = [];
  listener: Listener | undefined;
  terminated = false;

  constructor(readonly url: string | URL) {
    PageWorker.all.push(this);
  }

  addEventListener(_: "error", listener: Listener): void {
    this.listener = listener;
  }

  /** Gives nothing to wait for. */
  terminate(): void {
    this.terminated = true;
  }
}

describe("workers of a page", () => {
  const scope = globalThis as { Worker?: unknown };
  beforeEach(() => {
    PageWorker.all.length = 0;
    scope.Worker = PageWorker;
  });
  afterEach(() => delete scope.Worker);

  it("are watched while they start, and left alone afterwards", async () => {
    const watch = watchWorkers();
    const worker = Reflect.construct(scope.Worker as typeof PageWorker, ["/main.worker.js"]) as PageWorker;
    worker.listener?.({});
    const error = await watch.failed.catch((reason: unknown) => reason as { url: string });
    expect(error.url).to.equal("/main.worker.js");
    watch.terminate();
    expect(worker.terminated).to.equal(true);
    watch.stop();
    expect(scope.Worker).to.equal(PageWorker);
  });

  it("stop at once: what is asked of a dead worker is never answered", async () => {
    const inner = { destroy: () => new Promise(() => {}) };
    const worker = new PageWorker("/main.worker.js");
    const instance = Reflect.construct(WasmInstance, [inner, { call: () => new Promise(() => {}), worker }, 1]);
    await (instance as WasmInstance).stop(new Error("closed"));
    expect(worker.terminated).to.equal(true);
  });
});
