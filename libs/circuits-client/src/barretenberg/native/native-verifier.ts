import type { Logger } from "@sprtn/ports";
import { messageOf } from "@sprtn/primitives";
import { SerialQueue } from "@sprtn/runtime";
import { BarretenbergError, BarretenbergErrorCode, closedError } from "../barretenberg-error.js";
import { verify } from "../commands.js";
import type { VerifyRequest } from "../proof-engine.js";
import type { BbProcess } from "./bb-process.js";
import type { BbProcesses } from "./bb-processes.js";
import { makeVerifierCrs } from "./verifier-crs.js";

/** What another process may be free of. */
const worthAnother = new Set<unknown>([
  BarretenbergErrorCode.KILLED,
  BarretenbergErrorCode.EXITED,
  BarretenbergErrorCode.OUT_OF_MEMORY,
]);

/**
 * One process that verifies, one proof after the other; started when there is something to verify, and again when it
 * has died.
 */
export class NativeVerifier {
  readonly #queue: SerialQueue;
  #process: BbProcess | undefined;
  /** Of the folder of the newest process. */
  #removal: Promise<void> | undefined;
  #load = 0;
  #closed = false;

  readonly #dependencies: { readonly processes: BbProcesses; readonly logger: Logger };

  constructor(
    dependencies: { readonly processes: BbProcesses; readonly logger: Logger },
    private readonly settings: { readonly bbPath: string; readonly maxWaiting: number },
  ) {
    this.#dependencies = dependencies;
    this.#queue = new SerialQueue({ name: "the queue of proofs to verify", maxWaiting: settings.maxWaiting });
  }

  /** How many verifications it has been given and not finished. */
  get load(): number {
    return this.#load;
  }

  async verify(request: VerifyRequest): Promise<boolean> {
    if (this.#closed) throw closedError();
    this.#load++;
    try {
      return await this.#queue.run(() => this.#ask(request));
    } finally {
      this.#load--;
    }
  }

  /** Refuses what waits. The owner of all processes ends the process itself. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.close();
    await this.#removal;
  }

  async #ask(request: VerifyRequest): Promise<boolean> {
    try {
      return await this.#askOnce(request);
    } catch (error) {
      if (!(error instanceof BarretenbergError) || !worthAnother.has(error.code)) throw error;
      this.#dependencies.logger.warn("a verifier process died: asking another one", {
        code: error.code,
        cause: messageOf(error),
      });
    }
    try {
      return await this.#askOnce(request);
    } catch (error) {
      if (!(error instanceof BarretenbergError) || !worthAnother.has(error.code)) throw error;
      throw new BarretenbergError(
        BarretenbergErrorCode.VERIFIER_DIES,
        `two verifiers died while checking one proof, so whether it is valid is unknown: ${error.message}`,
        error.payload,
        { cause: error },
      );
    }
  }

  async #askOnce(request: VerifyRequest): Promise<boolean> {
    const process = await this.#living();
    try {
      return await verify(process.api, request);
    } catch (error) {
      // Whatever made it fail, the next proof gets a fresh one.
      await process.kill(error as Error);
      throw error;
    }
  }

  async #living(): Promise<BbProcess> {
    if (this.#process !== undefined && !this.#process.over) return this.#process;
    const { processes } = this.#dependencies;
    const crs = await makeVerifierCrs(processes.guard);
    try {
      // One thread: two take as long, and more of the processor.
      this.#process = processes.start({ bbPath: this.settings.bbPath, crsPath: crs.path, threads: 1, job: "verify" });
    } catch (error) {
      await crs.remove();
      throw error;
    }
    this.#removal = this.#process.ended.then(crs.remove);
    return this.#process;
  }
}
