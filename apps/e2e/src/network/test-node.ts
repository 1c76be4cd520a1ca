import type { NodeApi } from "@sprtn/ports";
import { createNodeClient } from "@sprtn/rpc";
import { E2eError, E2eErrorCode } from "../e2e-error.js";
import { GuardedProcess, type ProcessOptions } from "../process/guarded-process.js";

const START_MS = 120_000;

/** A node in its own process that can be killed, and started again on its data. */
export class TestNode {
  #process: GuardedProcess | undefined;
  #url: string | undefined;
  #client: NodeApi | undefined;

  /** `program` tells what to run, at every start. */
  constructor(
    private readonly options: { readonly name: string; readonly dataDirectory: string },
    private readonly program: () => Promise<ProcessOptions>,
  ) {}

  get name(): string {
    return this.options.name;
  }

  get dataDirectory(): string {
    return this.options.dataDirectory;
  }

  get running(): boolean {
    return this.#process?.running === true && this.#client !== undefined;
  }

  get crashed(): boolean {
    return this.#process?.crashed === true;
  }

  get tail(): readonly string[] {
    return this.#process?.tail ?? [];
  }

  /** Where its RPC answers. @throws NOT_RUNNING */
  get url(): string {
    return this.#url ?? this.#notRunning();
  }

  /** @throws NOT_RUNNING */
  get api(): NodeApi {
    return this.#client ?? this.#notRunning();
  }

  /** Resolves when it answers RPC. @throws PROCESS_ENDED, TIMEOUT */
  async start(): Promise<void> {
    this.#process = new GuardedProcess(await this.program());
    this.#url = await this.#process.says(/JSON-RPC server.*?(http:\/\/[\d.]+:\d+)/, START_MS);
    this.#client = createNodeClient(this.#url, { timeoutMs: 5_000 });
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#forget();
    await this.#process?.kill();
  }

  /** Lets it end in its order. @throws TIMEOUT */
  async stop(): Promise<void> {
    this.#forget();
    await this.#process?.stop();
  }

  #forget(): void {
    this.#client = undefined;
    this.#url = undefined;
  }

  #notRunning(): never {
    throw new E2eError(E2eErrorCode.NOT_RUNNING, `${this.name} does not run: start it first`);
  }
}
