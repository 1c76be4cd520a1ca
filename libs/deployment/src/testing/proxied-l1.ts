import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { MemoryLogger } from "@sprtn/testing";
import { deploy } from "../deploy.js";
import { L1Requests } from "../l1-requests.js";
import { CuttingProxy } from "./cutting-proxy.js";
import { addressOf, dependenciesAt, requestOf } from "./deploy-fixture.js";

/** An L1, a proxy in front of it, and one deployment after another: each test's is another account's. */
export class ProxiedL1 {
  logger = new MemoryLogger();
  #directory = "";
  #account = 9;

  private constructor(
    readonly devnet: Devnet,
    readonly requests: L1Requests,
    readonly proxy: CuttingProxy,
  ) {}

  static async start(): Promise<ProxiedL1> {
    const devnet = await startDevnet({ accounts: 60 });
    return new ProxiedL1(devnet, await L1Requests.connect(devnet.url), await CuttingProxy.start(devnet.url));
  }

  async stop(): Promise<void> {
    this.requests.close();
    await this.proxy.stop();
    await this.devnet.stop();
  }

  get deployer(): ReturnType<typeof addressOf> {
    return addressOf(this.#account);
  }

  get journalPath(): string {
    return join(this.#directory, "journal.json");
  }

  /** What follows is another account's deployment, without a journal. */
  async begin(): Promise<void> {
    await this.#removeJournal();
    this.#account++;
    this.logger = new MemoryLogger();
    this.#directory = await mkdtemp(join(tmpdir(), "deploy-"));
  }

  /** The proxy passes all on as it is, and L1 mines what comes. */
  async end(): Promise<void> {
    this.proxy.decide = () => "pass";
    this.proxy.spoil = result => result;
    this.proxy.complain = () => undefined;
    await this.#removeJournal();
    await this.devnet.request("anvil_dropAllTransactions");
    await this.devnet.setAutomine(true);
    await this.devnet.mine();
  }

  /** Deploys, or goes on with what the journal says. */
  deploy(at: { readonly url: string } = this.proxy): ReturnType<typeof deploy> {
    const request = { ...requestOf(this.#account), journalPath: this.journalPath, pollingIntervalMs: 1 };
    return deploy(dependenciesAt(at, this.logger), request);
  }

  /** Mined transactions of the deploying account. */
  sent(): Promise<number> {
    return this.requests.number("eth_getTransactionCount", this.deployer, "latest");
  }

  journal(): Promise<string> {
    return readFile(this.journalPath, "utf8");
  }

  async #removeJournal(): Promise<void> {
    if (this.#directory !== "") await rm(this.#directory, { recursive: true });
    this.#directory = "";
  }
}
