import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import { type Bot, type BotReport, SeveralNodes } from "@sprtn/bot";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { KvStore, Meter, Service } from "@sprtn/ports";
import { createNodeClient } from "@sprtn/rpc";
import { untilAnswered } from "@sprtn/runtime";
import { openStore } from "@sprtn/storage";
import type { StorageSettings } from "@sprtn/storage/settings";
import { type BotOptions, createNetworkBot } from "./create-bot.js";
import { namingNoNode } from "./not-a-node.js";
import { openProofSystem } from "./proof-system.js";
import { requireChain } from "./require-chain.js";
import type { ProcessResources } from "./process-resources.js";

/** The nodes that the bot sends to; the first that answers tells the deployment. */
export interface RemoteBotOptions extends Omit<BotOptions, "deployment"> {
  /** RPC URLs of the nodes that it sends to in turn. */
  readonly nodeUrls: readonly string[];
  readonly storage: StorageSettings;
  readonly circuits: CircuitsOptions;
}

const POLL_MS = 1_000;

/** The bot of a local network, against nodes elsewhere: it waits for one of them, as long as it must. */
export class RemoteBot implements Service {
  #bot: Bot | undefined;
  readonly #finished = Promise.withResolvers<BotReport | undefined>();
  readonly #closing: (() => Promise<void>)[] = [];

  readonly #dependencies: ProcessResources & { readonly meter: Meter };

  constructor(
    dependencies: ProcessResources & { readonly meter: Meter },
    private readonly options: RemoteBotOptions,
  ) {
    this.#dependencies = dependencies;
  }

  /** The report once the schedule is through, or the bot stopped; `undefined` if it never began. */
  get finished(): Promise<BotReport | undefined> {
    return this.#finished.promise;
  }

  async start(signal: AbortSignal): Promise<void> {
    const { clock, logger, hasher, meter } = this.#dependencies;
    const { nodeUrls, storage, circuits } = this.options;
    const nodes = nodeUrls.map(url => ({ url, node: createNodeClient(url, { hasher }) }));
    const node = new SeveralNodes({ nodes, logger });
    const { deployment } = await untilAnswered(() => node.getNodeInfo(), {
      clock,
      pollMs: POLL_MS,
      signal,
      onWaiting: error => {
        const found = namingNoNode(error, "BOT_NODE_URL");
        logger.warn(`waiting for a node at ${nodeUrls.join(", ")}: start it, or correct BOT_NODE_URL`, {
          code: codeOf(found),
          reason: messageOf(found),
        });
      },
    });
    requireChain(this.options.l1, deployment);
    const proofs = await openProofSystem(this.#dependencies, circuits, deployment);
    this.#closing.push(() => proofs.close());
    const store = await this.#open(storage, "wallet");
    const memory = await this.#open(storage, "bot");
    this.#bot = await createNetworkBot(
      this.#dependencies,
      { node, proofs: proofs.backend, store, memory, logger, meter },
      { ...this.options, deployment },
    );
    void this.#bot.finished().then(this.#finished.resolve);
    await this.#bot.start(signal);
  }

  async stop(): Promise<void> {
    await this.#bot?.stop();
    for (const close of this.#closing.splice(0).toReversed()) await close();
    this.#finished.resolve(this.#bot?.report());
  }

  async #open(storage: StorageSettings, name: string): Promise<KvStore> {
    const store = await openStore(storage, name);
    this.#closing.push(() => store.close());
    return store;
  }
}
