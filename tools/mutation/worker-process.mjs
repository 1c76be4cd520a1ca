// A worker's process, as its parent sees it.
import { fork } from "node:child_process";
import { processorMs } from "./time-limit.mjs";

const LOOK_MS = 250;
/** However idle a worker is: mocha ends a test that waits much earlier. */
const IDLE_LIMIT_MS = 1_800_000;

/** Answers one message at a time; one that costs too much work to answer is a hang. */
export class WorkerProcess {
  /** @param start `{ script, argument, cwd }` */
  constructor(start) {
    this.options = start;
  }

  /** @returns `{ ready }`, or `{ died }` or `{ hung }` */
  async start({ env = {}, workMs }) {
    const { script, argument, cwd } = this.options;
    this.child = fork(script, [JSON.stringify(argument)], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    return this.#answer(workMs);
  }

  /**
   * @param workMs processor time that the answer may cost
   * @param workOf processor time that a test may cost, by its title: the worker tells which one begins
   * @returns what it answers; if it does not, `{ hung }` or `{ died }`, with the test `at` which it did that
   */
  async ask(message, workMs, workOf) {
    const answer = this.#answer(workMs, workOf);
    this.child.send(message);
    return answer;
  }

  get isRunning() {
    return this.child !== undefined;
  }

  stop() {
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }

  #answer(workMs, workOf) {
    const { child } = this;
    const startedMs = Date.now();
    const startedWorkMs = processorMs(child.pid) ?? 0;
    const workNow = () => processorMs(child.pid) ?? Date.now() - startedMs + startedWorkMs;
    let at;
    let test = { fromMs: startedWorkMs, limitMs: workMs };
    return new Promise(resolve => {
      const heard = message => {
        if (message.begins === undefined) return done(message);
        at = message.begins;
        test = { fromMs: workNow(), limitMs: workOf?.(at.title) ?? workMs };
      };
      const done = answer => {
        clearInterval(timer);
        child.off("message", heard);
        child.off("exit", died);
        resolve(answer);
      };
      const died = () => done({ died: true, at });
      const look = () => {
        const work = workNow();
        const isOver = work - startedWorkMs > workMs || work - test.fromMs > test.limitMs;
        if (isOver || Date.now() - startedMs > IDLE_LIMIT_MS) done({ hung: true, at });
      };
      const timer = setInterval(look, LOOK_MS);
      child.on("message", heard);
      child.on("exit", died);
    });
  }
}
