import { L1Error, L1ErrorCode } from "../l1-error.js";
import type { FaultMode } from "./fault-mode.js";

/** The program that serves endpoints with faults, for tests that want them in a separate process. */
export const faultyL1Program = new URL("main.js", import.meta.url);

/** A {@link FaultyL1} in another process, by its URL. */
export class RemoteFaultyL1 {
  constructor(readonly url: string) {}

  /** From the next request on. @throws L1Error REQUEST_FAILED */
  async setMode(fault: FaultMode): Promise<void> {
    await this.#ask("PUT", "/mode", JSON.stringify(fault));
  }

  /** Everything is as the upstream has it; what hangs is let go. @throws L1Error REQUEST_FAILED */
  async heal(): Promise<void> {
    await this.#ask("DELETE", "/mode");
  }

  /** How often each method was asked for. @throws L1Error REQUEST_FAILED */
  async calls(): Promise<Readonly<Record<string, number>>> {
    return (await this.#ask("GET", "/calls")) as Readonly<Record<string, number>>;
  }

  async #ask(method: string, path: string, body?: string): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, { method, ...(body === undefined ? {} : { body }) });
    if (response.ok) return response.json();
    const what = `${method} ${path} of the endpoint with faults at ${this.url}`;
    throw new L1Error(L1ErrorCode.REQUEST_FAILED, `${what} was answered with HTTP ${response.status}`, {});
  }
}
