import { fileURLToPath } from "node:url";
import { faultyL1Program, RemoteFaultyL1 } from "@sprtn/l1-client/faulty-l1";
import { E2eError, E2eErrorCode } from "../e2e-error.js";
import type { Environment, TestNetwork } from "../network/test-network.js";
import { GuardedProcess } from "../process/guarded-process.js";

const START_MS = 20_000;

/** L1 endpoints with faults, in a separate process, for programs that need one each. */
export class FaultyEndpoints {
  readonly #byName = new Map<string, RemoteFaultyL1>();
  #process: GuardedProcess | undefined;
  #free: Promise<RemoteFaultyL1[]> | undefined;

  /** `count`: programs that will ask for one. */
  constructor(private readonly settings: { readonly count: number }) {}

  /** Settings that make its own endpoint a program's L1: alone, or in front of one without faults. */
  async environmentOf(name: string, network: TestNetwork, endpoints: 1 | 2 = 1): Promise<Environment> {
    this.#free ??= this.#start(network);
    const l1 = (await this.#free).shift();
    if (l1 === undefined) throw new E2eError(E2eErrorCode.NOT_FOUND, `${name} has no endpoint left: raise the count`);
    this.#byName.set(name, l1);
    return { ETHEREUM_HOST: endpoints === 1 ? l1.url : `${l1.url},${network.devnet.url}` };
  }

  /** @throws NOT_FOUND for a program that has none */
  of(name: string): RemoteFaultyL1 {
    const l1 = this.#byName.get(name);
    if (l1 === undefined) throw new E2eError(E2eErrorCode.NOT_FOUND, `${name} has no endpoint with faults`);
    return l1;
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  async #start(network: TestNetwork): Promise<RemoteFaultyL1[]> {
    const name = "faulty-l1";
    const count = String(this.settings.count);
    this.#process = new GuardedProcess({
      name,
      command: process.execPath,
      args: [fileURLToPath(faultyL1Program), "--upstream", network.devnet.url, "--port", "0", "--count", count],
      env: { PATH: process.env.PATH ?? "" },
      cwd: network.directory,
      logFile: network.logFile(name),
    });
    const urls = await this.#process.says(/faulty L1 at (\S+), in front/, START_MS);
    return urls.split(",").map(url => new RemoteFaultyL1(url));
  }
}
