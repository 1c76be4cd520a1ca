import type { L1Block, L1BlockRef, L1ChainState, L1Event, L1Reader } from "@sprtn/ports";
import type { L1BlockNumber } from "@sprtn/primitives";
import type { JsonRpcProvider, Log } from "ethers";
import { inboxInterface, oracleInterface, rollupInterface } from "../contracts/interfaces.js";
import { type EndpointProvider, isEndpointFailure } from "../endpoints/endpoint-provider.js";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import type { RollupContracts } from "../rollup-contracts.js";
import { assertCanonical } from "./assert-canonical.js";
import { blockRef } from "./block-ref.js";
import { chainStateAt } from "./chain-state.js";
import { type EventSource, mayHoldEvents } from "./events-bloom.js";
import { eventTopic } from "./parsed-log.js";
import { PublishedData, type PublishedKind } from "./published-data.js";
import { PublishedSearch } from "./published-search.js";
import { readLogs } from "./read-logs.js";
import { typedEvent } from "./typed-event.js";

/** Whose events are read, and from which L1 block. */
export interface L1ReaderSettings {
  readonly contracts: RollupContracts;
  /** The deployment's first L1 block. */
  readonly startBlock: L1BlockNumber;
}

const oracleTopics = ["HeaderPublished", "EffectsPublished", "EffectsCombined"].map(name =>
  eventTopic(oracleInterface, name),
);
const rollupTopics = ["L2PendingBlockProcessed", "L2ProvenBlockProcessed", "PrunedPendingChain"].map(name =>
  eventTopic(rollupInterface, name),
);
const inboxTopics = [eventTopic(inboxInterface, "MessageSent")];
const topics = [...oracleTopics, ...rollupTopics, ...inboxTopics];

/** L1 over JSON-RPC. Turns logs into events and never judges them. */
export class EthersL1Reader implements L1Reader {
  readonly #endpoints: L1Endpoints;
  readonly #settings: L1ReaderSettings;
  readonly #sources: readonly EventSource[];
  readonly #search = new PublishedSearch();

  constructor(dependencies: { readonly endpoints: L1Endpoints }, settings: L1ReaderSettings) {
    this.#endpoints = dependencies.endpoints;
    this.#settings = settings;
    const { rollup, inbox } = settings.contracts;
    this.#sources = [
      { address: rollup, topics: rollupTopics },
      { address: inbox, topics: inboxTopics },
    ];
  }

  async head(): Promise<L1BlockRef> {
    return nameOf(await this.#endpoints.head());
  }

  async finalized(): Promise<L1BlockRef> {
    return nameOf(await this.#endpoints.run(finalizedRef));
  }

  async block(number: L1BlockNumber): Promise<L1Block | undefined> {
    const block = await this.#endpoints.run(provider => blockRef(provider, number));
    return block && { ...nameOf(block), eventless: !mayHoldEvents(block.logsBloom, this.#sources) };
  }

  async stateAt(block: L1BlockRef): Promise<L1ChainState | undefined> {
    return this.#endpoints.run(provider => chainStateAt(provider, this.#settings.contracts, block));
  }

  turnAway(): void {
    this.#endpoints.turnAway();
  }

  /** @throws NO_SUCH_BLOCK when the endpoint is not at `to` yet, REORGED when blocks changed meanwhile, BAD_LOG */
  async events(from: L1BlockNumber, to: L1BlockNumber): Promise<readonly L1Event[]> {
    if (from > to) return [];
    return this.#endpoints.run(provider => this.#eventsOf(provider, from, to));
  }

  async #eventsOf(provider: EndpointProvider, from: L1BlockNumber, to: L1BlockNumber): Promise<readonly L1Event[]> {
    const { contracts, startBlock } = this.#settings;
    const [end, { number: finalized }] = await Promise.all([requireBlock(provider, to), finalizedRef(provider)]);
    const addresses = [contracts.rollup, contracts.availabilityOracle, contracts.inbox];
    const logs = await readLogs(provider, { addresses, topics: [topics], from, to });
    const published = new PublishedData({
      find: (kind: PublishedKind, hash, atOrBefore) =>
        this.#search.last(provider, {
          addresses: [contracts.availabilityOracle],
          topics: [[eventTopic(oracleInterface, kind)], [hash]],
          from: startBlock,
          to: atOrBefore,
        }),
    });
    const others: Log[] = [];
    for (const log of logs) {
      if (log.address.toLowerCase() === contracts.availabilityOracle) published.add(log);
      else others.push(log);
    }
    try {
      return await typedEvents(others, contracts, published);
    } finally {
      // Also when typing failed: a reorg is the likelier reason, and the better one to hear of.
      await assertCanonical(provider, logs, { to: end, finalized });
    }
  }
}

async function typedEvents(
  logs: readonly Log[],
  contracts: RollupContracts,
  published: PublishedData,
): Promise<readonly L1Event[]> {
  const events: L1Event[] = [];
  for (const log of logs) {
    const event = await typedEvent(log, contracts, published);
    if (event) events.push(event);
  }
  return events;
}

/**
 * A chain that has finalized nothing yet has its first block for finalized. Nodes say so with null, or with an error:
 * "finalized block not found", "unknown block", or that they do not know the tag.
 */
async function finalizedRef(provider: JsonRpcProvider): Promise<L1BlockRef> {
  const finalized = await blockRef(provider, "finalized").catch((error: unknown) => {
    if (isEndpointFailure(error)) throw error;
    return undefined;
  });
  const first = finalized ?? (await blockRef(provider, 0));
  if (first) return first;
  throw new L1Error(
    L1ErrorCode.BAD_ANSWER,
    "an L1 endpoint has no first block: its database is damaged; use another endpoint",
  );
}

async function requireBlock(provider: JsonRpcProvider, number: number): Promise<L1BlockRef> {
  const block = await blockRef(provider, number);
  if (!block)
    throw new L1Error(
      L1ErrorCode.NO_SUCH_BLOCK,
      `L1 does not have block ${number}: the endpoint lags or L1 was reorganised; ask again`,
      { number, changed: true },
    );
  return block;
}

function nameOf({ number, hash, timestamp }: L1BlockRef): L1BlockRef {
  return { number, hash, timestamp };
}
