import { NetworkRun, type RunOptions } from "./network-run.js";

/**
 * Starts a network before a suite's tests, checks the invariants after each, ends it after the last. What follows a
 * failed test is skipped, unless the tests do not build on one another.
 */
export function runHooks(options: RunOptions & { readonly independent?: boolean }): () => NetworkRun {
  let run: NetworkRun | undefined;
  before("start the network", async () => {
    run = await NetworkRun.start(options);
  });
  beforeEach(function () {
    if (run?.failed === true && options.independent !== true) this.skip();
  });
  afterEach("invariants", async function () {
    if (run === undefined || this.currentTest?.isPending() === true) return;
    if (this.currentTest?.isFailed() === true) run.failed = true;
    else
      await run.check().catch((error: unknown) => {
        if (run !== undefined) run.failed = true;
        throw error;
      });
  });
  after("stop the network", () => run?.end());
  return () => run as NetworkRun;
}

/** A line of a scenario's report. */
export function report(line: string): void {
  process.stdout.write(`      ${line}\n`);
}
