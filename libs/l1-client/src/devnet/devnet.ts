import { fromHex } from "@sprtn/primitives";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import type { AnvilExit, AnvilProcess } from "./anvil-process.js";
import { DevnetControl } from "./devnet-control.js";
import type { StateKeeper } from "./state-keeper.js";

/** How long anvil may take to write its state. */
const STOP_TIMEOUT_MS = 30_000;

/** A running devnet, and the levers that a real L1 does not have. */
export class Devnet extends DevnetControl {
  readonly port: number;
  /** Resolves when the process has ended, asked to or not. */
  readonly exited: Promise<AnvilExit>;
  /** Resolves when the process has ended otherwise than {@link stop} asked it to. */
  readonly died: Promise<AnvilExit>;
  readonly #process: AnvilProcess;
  readonly #keeper: StateKeeper | undefined;
  #stopping: Promise<void> | undefined;
  #dead = false;

  constructor(
    dependencies: { readonly process: AnvilProcess; readonly keeper?: StateKeeper | undefined },
    settings: { readonly url: string; readonly port: number; readonly chainId: bigint },
  ) {
    super(settings);
    this.#process = dependencies.process;
    this.#keeper = dependencies.keeper;
    this.port = settings.port;
    this.exited = dependencies.process.exited;
    this.died = new Promise(resolve => {
      const ended = (exit: AnvilExit) => {
        // Asked to, it ends with 0, but for Windows, where it is killed.
        if (this.#stopping !== undefined && (exit.code === 0 || process.platform === "win32")) return;
        this.#dead = true;
        resolve(exit);
      };
      // A process that could not be started has not died.
      void this.exited.then(ended, () => undefined);
    });
  }

  /** It answers nothing and mines nothing until {@link resume}: an L1 that nobody can reach. Not on Windows. */
  suspend(): void {
    this.#process.signal("SIGSTOP");
  }

  resume(): void {
    if (process.platform !== "win32") this.#process.signal("SIGCONT");
  }

  /** Ends it as a crash would: it writes nothing more. */
  kill(): void {
    this.#process.kill();
  }

  /** From now on, keeps what it writes of its state, if it has a state file and a clock. */
  async keepStates(): Promise<void> {
    await this.#keeper?.start();
  }

  /** Keeps its state now, if it has a state file, so that a crash costs nothing before. @throws DEVNET_BAD_STATE */
  async keepNow(): Promise<void> {
    await this.#keeper?.keep(fromHex((await this.request("anvil_dumpState")) as string));
  }

  /** The last lines that it wrote. */
  get output(): string {
    return this.#process.output;
  }

  /**
   * Writes the state file, if there is one, and ends the process. One that has died is only cleared away.
   * @throws DEVNET_FAILED when it does not end in time, DEVNET_BAD_STATE when the state was not written in full
   */
  async stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    // Somebody else may have suspended it.
    this.resume();
    this.provider.destroy();
    const dead = this.#dead;
    await this.#keeper?.beforeEnd();
    if (dead) return;
    const timeout = AbortSignal.timeout(STOP_TIMEOUT_MS);
    const late = Promise.withResolvers<never>();
    const giveUp = () =>
      late.reject(
        new L1Error(
          L1ErrorCode.DEVNET_FAILED,
          `the devnet did not end within ${STOP_TIMEOUT_MS} ms and was killed: its state file may be out of date`,
        ),
      );
    timeout.addEventListener("abort", giveUp, { once: true });
    try {
      await Promise.race([this.#process.end(), late.promise]);
    } catch (error) {
      this.#process.kill();
      throw error;
    } finally {
      timeout.removeEventListener("abort", giveUp);
    }
    // anvil ends with code 0 all the same.
    await this.#keeper?.afterEnd();
  }
}
