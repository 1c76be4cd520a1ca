import type { ProcessIdentity } from "@sprtn/host";
import type { Clock } from "@sprtn/ports";
import { isAbortError, sleep } from "@sprtn/runtime";
import type { RunRecord } from "./run-record.js";

/** A node that was started. */
export interface SupervisedNode {
  readonly identity: ProcessIdentity;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Asks it to end. */
  terminate(): void;
}

/** What a supervisor needs. */
export interface SupervisorDependencies {
  readonly clock: Clock;
  readonly start: () => Promise<SupervisedNode>;
  readonly note: (record: Omit<RunRecord, "supervisor">) => Promise<void>;
  /** Hears what happens, a line at a time. */
  readonly say: (line: string) => void;
}

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
const MOST_CRASHES = 5;
/** One that ran this long begins with the first delay again. */
const CRASH_WINDOW_MS = 600_000;
/** Wrong settings, and what is refused for safety: they stay so. */
const hopeless: ReadonlySet<number | null> = new Set([2, 4]);

/**
 * Keeps a node running until `signal`: one that crashes is started again, after 1 s, 2 s, … 60 s. Five crashes in ten
 * minutes end it, and so does an end that would come again. Resolves with the exit code for the supervisor.
 */
export async function supervise(dependencies: SupervisorDependencies, signal: AbortSignal): Promise<number> {
  const { clock, start, note, say } = dependencies;
  let crashes: number[] = [];
  let failures = 0;
  for (let restarts = 0; ; restarts++) {
    const node = await start();
    const startedMs = clock.steadyMs();
    const { identity } = node;
    const noted = { node: identity, restarts };
    await note({ ...noted, state: "running", sinceMs: clock.nowMs() });
    const terminate = () => node.terminate();
    signal.addEventListener("abort", terminate, { once: true });
    if (signal.aborted) terminate();
    const { code, signal: by } = await node.ended;
    signal.removeEventListener("abort", terminate);
    const nowMs = clock.nowMs();
    const after = { restarts, sinceMs: nowMs, lastEnd: { code, signal: by, atMs: nowMs } };
    const how = by === null ? `with code ${code}` : `by ${by}`;
    if (signal.aborted) {
      await note({ ...after, state: "stopped" });
      return 0;
    }
    if (code === 0 || hopeless.has(code)) {
      say(
        code === 0 ? "the node ended by itself" : `the node ended ${how}: it is not started again before it is mended`,
      );
      await note({ ...after, state: "ended" });
      return code ?? 1;
    }
    const atMs = clock.steadyMs();
    crashes = [...crashes.filter(each => atMs - each < CRASH_WINDOW_MS), atMs];
    if (crashes.length >= MOST_CRASHES) {
      say(`the node ended ${how}, ${MOST_CRASHES} times in ten minutes: it is not started again before it is mended`);
      await note({ ...after, state: "given-up" });
      return 1;
    }
    failures = atMs - startedMs >= CRASH_WINDOW_MS ? 1 : failures + 1;
    const delayMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
    say(`the node ended ${how}: started again in ${delayMs / 1000} s`);
    await note({ ...after, state: "waiting" });
    try {
      await sleep(clock, delayMs, signal);
    } catch (error) {
      if (!isAbortError(error) && !signal.aborted) throw error;
      await note({ ...after, state: "stopped" });
      return 0;
    }
  }
}
