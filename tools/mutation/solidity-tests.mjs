// The contracts' tests against mutants that are compiled in.
import { fileURLToPath } from "node:url";
import { judgeMutant, testLimitMs, workLimitMs } from "./time-limit.mjs";
import { WorkerProcess } from "./worker-process.mjs";

const script = fileURLToPath(new URL("solidity-worker.mjs", import.meta.url));
const LOAD_MS = 120_000;
/** Quick killers of the last mutants are likely ones of the next. */
const RECENT_KILLERS = 3;
/** Mutants in a row that pass a test file before the others have their turn: one of them may kill these at once. */
const MOST_IN_VAIN = 8;

export class SolidityTests {
  #worker;
  #testMs = {};
  #fileOf = {};
  #fixtures = new Set();
  #testsOf = new Map();
  #killers = [];

  constructor({ work, files }) {
    this.#worker = new WorkerProcess({ script, argument: { files }, cwd: work });
  }

  stop() {
    this.#worker.stop();
  }

  /** Runs the tests of a file without a mutant. @returns what `learn` takes */
  async baseline(file) {
    await this.#ready();
    const answer = await this.#worker.ask({ baseline: [file], limitMs: 0 }, Number.POSITIVE_INFINITY);
    if (answer.coverage === undefined) throw new Error("the contracts' tests do not end");
    for (const { title, message } of answer.failures) {
      console.log(`  fails with the mutants compiled in, so it notices none: ${title}: ${message}`);
      delete answer.coverage[title];
    }
    return answer;
  }

  /** Which test reaches which mutant. */
  learn(file, { coverage, testMs, fixtures }) {
    Object.assign(this.#testMs, testMs);
    for (const title of Object.keys(coverage)) this.#fileOf[title] = file;
    for (const id of fixtures) this.#fixtures.add(id);
    for (const [title, ids] of Object.entries(coverage))
      for (const id of ids) this.#testsOf.set(id, [...(this.#testsOf.get(id) ?? []), title]);
  }

  /**
   * File by file, so that a suite's fixture is deployed once for all mutants that it does not reach.
   * @param keep told of each result, and of the test files that a mutant has passed: `{ result: "open", passed }`
   */
  async run(mutants, { until, keep, known }) {
    for (const mutant of mutants) if (!this.#testsOf.has(mutant.id)) keep(mutant, { result: "not reached" });
    const reached = mutants.filter(({ id }) => this.#testsOf.has(id));
    const passed = new Map(reached.map(mutant => [mutant.id, known(mutant)?.passed ?? []]));
    const filesOf = ({ id }) => [...new Set(this.#testsOf.get(id).map(title => this.#fileOf[title]))];
    const isPassed = mutant => filesOf(mutant).every(file => passed.get(mutant.id).includes(file));
    for (const mutant of reached)
      if (isPassed(mutant)) keep(mutant, { result: "survived", passed: passed.get(mutant.id) });
    const isOpen = mutant => [undefined, "open"].includes(known(mutant)?.result);
    const tried = new Set();
    const files = this.#byYield(reached);
    for (let file = files.shift(); file !== undefined; file = files.shift()) {
      const own = reached.filter(mutant => isOpen(mutant) && this.#titles(mutant, file).length > 0);
      // Those that change the fixture itself come last: each needs one of its own.
      own.sort((a, b) => Number(this.#fixtures.has(a.id)) - Number(this.#fixtures.has(b.id)));
      let inVain = 0;
      for (const mutant of own) {
        if (Date.now() > until) return;
        const trial = `${file} ${mutant.id}`;
        if (passed.get(mutant.id).includes(file) || tried.has(trial)) continue;
        if (inVain >= MOST_IN_VAIN && files.length > 0) {
          files.push(file);
          break;
        }
        tried.add(trial);
        const result = await this.#judge(mutant.id, this.#titles(mutant, file));
        inVain = result?.result === "killed" ? 0 : inVain + 1;
        if (result === undefined) continue;
        passed.get(mutant.id).push(file);
        if (result.result === "killed") keep(mutant, result);
        else keep(mutant, { result: isPassed(mutant) ? "survived" : "open", passed: passed.get(mutant.id) });
      }
    }
  }

  /** A mutant that was compiled alone: every test may reach it, and every fixture. */
  async runAlone(mutant, { keep }) {
    this.#worker.stop();
    const titles = Object.keys(this.#testMs);
    const runAll = () => this.#runAll(0, titles);
    const result = await judgeMutant(runAll, runAll);
    this.#worker.stop();
    if (result !== undefined) keep(mutant, result);
  }

  #titles({ id }, file) {
    return this.#testsOf.get(id).filter(title => this.#fileOf[title] === file);
  }

  /** Test files, those first that reach most of the mutants for their time. */
  #byYield(mutants) {
    const reach = {};
    const costMs = {};
    for (const { id } of mutants) {
      const titles = this.#testsOf.get(id);
      for (const file of new Set(titles.map(title => this.#fileOf[title]))) reach[file] = (reach[file] ?? 0) + 1;
      for (const title of titles)
        costMs[this.#fileOf[title]] = (costMs[this.#fileOf[title]] ?? 0) + this.#testMs[title];
    }
    const yieldOf = file => reach[file] ** 2 / costMs[file];
    return Object.keys(reach).toSorted((a, b) => yieldOf(b) - yieldOf(a));
  }

  async #ready() {
    if (this.#worker.isRunning) return;
    const { ready } = await this.#worker.start({ workMs: LOAD_MS });
    if (!ready) throw new Error("the contracts' tests do not load: run one of them to see why");
  }

  /** @param isInFixture whether a fixture made with or without the mutant is of no use to the others */
  async #ask(mutant, titles, isInFixture = mutant === 0 || this.#fixtures.has(mutant)) {
    await this.#ready();
    const times = titles.map(title => this.#testMs[title] ?? 0);
    const workMs = workLimitMs(times.reduce((sum, ms) => sum + ms, 0));
    const answer = await this.#worker.ask(
      { mutant, titles, limitMs: testLimitMs(Math.max(0, ...times)), isInFixture },
      workMs,
    );
    if (answer.died || answer.hung || answer.killedBy?.isTimeout) this.#worker.stop();
    return answer;
  }

  /** @returns `{ result, by }`; undefined if it has to be run once more */
  async #judge(id, titles) {
    const result = await judgeMutant(
      () => this.#runAll(id, titles),
      () => this.#runAll(0, titles),
      // On the same fixture, which may be what is spoilt.
      title => this.#ask(0, titles.includes(title) ? [title] : titles, this.#fixtures.has(id)),
    );
    // It may be the process that is spoilt.
    if (result === undefined) this.#worker.stop();
    return result;
  }

  /** Likely killers first, which a mutant that is killed makes likelier. */
  async #runAll(mutant, titles) {
    const likely = this.#killers.filter(title => titles.includes(title));
    const others = titles.filter(title => !likely.includes(title));
    for (const some of [likely, others].filter(({ length }) => length > 0)) {
      const answer = await this.#ask(mutant, some);
      const { title } = answer.killedBy ?? {};
      if (title !== undefined)
        this.#killers = [title, ...this.#killers.filter(other => other !== title)].slice(0, RECENT_KILLERS);
      if (answer.killedBy || answer.died || answer.hung) return answer;
    }
    return {};
  }
}
