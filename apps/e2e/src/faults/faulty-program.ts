import type { RemoteFaultyL1 } from "@sprtn/l1-client/faulty-l1";
import type { TestNode } from "../network/test-node.js";
import { assertInvariant } from "../watch/assert-invariant.js";
import { JsonLog, type LogRecord } from "../watch/json-log.js";
import type { FaultCase } from "./fault-case.js";

/** What GET /ready answers. */
export interface Readiness {
  readonly ready: boolean;
  readonly code?: string;
}

/** A program whose L1 endpoint, or the first of its two, can be made to fail, and how it reports that. */
export class FaultyProgram {
  readonly #log: JsonLog;
  /** Codes for which it was not ready since the last mark. */
  readonly #unready = new Set<string>();

  constructor(
    readonly name: string,
    private readonly parts: { readonly l1: RemoteFaultyL1; readonly logFile: string; readonly node?: TestNode },
    private readonly settings: { readonly endpoints: 1 | 2 },
  ) {
    this.#log = new JsonLog(parts.logFile);
  }

  get l1(): RemoteFaultyL1 {
    return this.parts.l1;
  }

  /** `undefined` for a program that is not a node. */
  get node(): TestNode | undefined {
    return this.parts.node;
  }

  get single(): boolean {
    return this.settings.endpoints === 1;
  }

  /** From here on it is watched again. */
  async mark(): Promise<void> {
    this.#unready.clear();
    await this.#log.mark();
  }

  /** Looks whether it is ready, and remembers why not. */
  async look(): Promise<Readiness> {
    if (this.node === undefined) return { ready: true };
    const readiness = (await (await fetch(`${this.node.url}/ready`)).json()) as Readiness;
    if (!readiness.ready) this.#unready.add(String(readiness.code));
    return readiness;
  }

  /** Whether it was seen to be not ready for one of these. */
  wasUnreadyFor(codes: readonly string[]): boolean {
    return codes.some(code => this.#unready.has(code));
  }

  /** Fails unless it has judged no block, neither in its log nor in what it counts. */
  async assertNoVerdict(): Promise<void> {
    const verdicts = (await this.#log.records()).filter(({ code }) => code?.startsWith("BLOCK_") === true);
    this.#assert(verdicts.length === 0, `judged: ${verdicts.map(shown).join("; ")}`);
    if (this.node === undefined) return;
    const metrics = await (await fetch(`${this.node.url}/metrics`)).text();
    const bad = /^sprtn_archiver_bad_block(?:\{[^}]*\})? (\S+)$/m.exec(metrics)?.[1];
    this.#assert(bad === "0", `counts ${bad} bad blocks`);
  }

  /**
   * Fails unless its log since the mark reports the fault as an operator wants it: once, and once more when it is over.
   */
  async assertTold({ codes, everywhere = false }: FaultCase): Promise<void> {
    const records = await this.#log.records();
    const errors = records.filter(({ level }) => level === "error");
    this.#assert(errors.length === 0, `reports ${errors.map(shown).join("; ")}`);
    // Lost slots are reported slot by slot.
    const warnings = records.filter(
      record => record.level === "warn" && !record.module.endsWith(":sequencer") && !this.#isOfProver(record),
    );
    // Of two endpoints that fail one after the other, the first is reported as well.
    const most = everywhere && !this.single ? 2 : 1;
    this.#assert(warnings.length <= most, `warns ${warnings.length} times: ${warnings.map(shown).join("; ")}`);
    if (!this.single || this.node === undefined) return;
    const code = warnings[0]?.code;
    const told = codes.length === 0 || (code !== undefined && codes.includes(code));
    this.#assert(told, `does not warn of ${codes.join(" or ")}: ${lastLines(records)}`);
    const healed = records.filter(record => isHealed(record) && record.code === code);
    this.#assert(healed.length === warnings.length, `tells ${healed.length} times of its end: ${lastLines(records)}`);
    // Catching up needs no word.
    const reasons = [...this.#unready].filter(reason => reason !== "NODE_NOT_SYNCED");
    this.#assert(reasons.length <= warnings.length, `is not ready for reasons that it does not log: ${reasons.join()}`);
  }

  /** A coordinator reports the L1 endpoint of the node that proves for it, if that fails meanwhile. */
  #isOfProver({ module, reason }: LogRecord): boolean {
    return module.endsWith(":proofs") && !String(reason).includes(this.l1.url);
  }

  #assert(holds: boolean, found: string): asserts holds {
    assertInvariant("one warning, no verdict", holds, `${this.name} ${found}`);
  }
}

function lastLines(records: readonly LogRecord[]): string {
  return records
    .filter(({ level }) => level === "warn" || level === "info")
    .slice(-20)
    .map(shown)
    .join("; ");
}

function isHealed({ level, module, code }: LogRecord): boolean {
  return level === "info" && code !== undefined && module.endsWith("archiver");
}

function shown({ level, module, message, code }: LogRecord): string {
  return `${level} ${module}: ${message} (${code ?? "no code"})`;
}
