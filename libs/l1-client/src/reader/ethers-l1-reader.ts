import type { L1BlockRef, L1Event, L1Reader } from "@sprtn/ports";
import type { L1BlockNumber } from "@sprtn/primitives";
import type { JsonRpcProvider, Log } from "ethers";
import { inboxInterface, oracleInterface, rollupInterface } from "../contracts/interfaces.js";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import type { RollupContracts } from "../rollup-contracts.js";
import { assertCanonical } from "./assert-canonical.js";
import { blockRef } from "./block-ref.js";
import { eventTopic } from "./parsed-log.js";
import { PublishedData, type PublishedKind } from "./published-data.js";
import { findLastLog, readLogs } from "./read-logs.js";
import { typedEvent } from "./typed-event.js";

export interface L1ReaderSettings {
  readonly contracts: RollupContracts;
  /** The deployment's first L1 block. */
  readonly startBlock: L1BlockNumber;
  /** Blocks asked for in one eth_getLogs. */
  readonly maxLogRange: number;
}

const oracleTopics = ["HeaderPublished", "EffectsPublished", "EffectsCombined"].map(name =>
  eventTopic(oracleInterface, name),
);
const topics = [
  ...oracleTopics,
  ...["L2PendingBlockProcessed", "L2ProvenBlockProcessed", "PrunedPendingChain"].map(name =>
    eventTopic(rollupInterface, name),
  ),
  eventTopic(inboxInterface, "MessageSent"),
];

/** L1 over JSON-RPC. Turns logs into events and never judges them. */
export class EthersL1Reader implements L1Reader {
  readonly #endpoints: L1Endpoints;
  readonly #settings: L1ReaderSettings;

  constructor(dependencies: { readonly endpoints: L1Endpoints }, settings: L1ReaderSettings) {
    this.#endpoints = dependencies.endpoints;
    this.#settings = settings;
  }

  async head(): Promise<L1BlockRef> {
    return this.#endpoints.run(provider => requireBlock(provider, "latest"));
  }

  async finalized(): Promise<L1BlockRef> {
    return this.#endpoints.run(finalizedRef);
  }

  async block(number: L1BlockNumber): Promise<L1BlockRef | undefined> {
    return this.#endpoints.run(provider => blockRef(provider, number));
  }

  /** Throws NO_SUCH_BLOCK when the endpoint is not at `to` yet, REORGED when blocks changed meanwhile, BAD_LOG. */
  async events(from: L1BlockNumber, to: L1BlockNumber): Promise<readonly L1Event[]> {
    if (from > to) return [];
    return this.#endpoints.run(provider => this.#eventsOf(provider, from, to));
  }

  async #eventsOf(provider: JsonRpcProvider, from: L1BlockNumber, to: L1BlockNumber): Promise<readonly L1Event[]> {
    const { contracts, startBlock, maxLogRange } = this.#settings;
    const end = await requireBlock(provider, to);
    const { number: finalized } = await finalizedRef(provider);
    const addresses = [contracts.rollup, contracts.availabilityOracle, contracts.inbox];
    const logs = await readLogs(provider, { addresses, topics: [topics], from, to }, maxLogRange);
    const published = new PublishedData({
      find: (kind: PublishedKind, hash, atOrBefore) =>
        findLastLog(
          provider,
          {
            addresses: [contracts.availabilityOracle],
            topics: [[eventTopic(oracleInterface, kind)], [hash]],
            from: startBlock,
            to: atOrBefore,
          },
          maxLogRange,
        ),
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
      await assertCanonical(provider, logs, end, finalized);
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

/** A chain that has finalized nothing yet has its first block for finalized. */
async function finalizedRef(provider: JsonRpcProvider): Promise<L1BlockRef> {
  return (await blockRef(provider, "finalized")) ?? requireBlock(provider, 0);
}

async function requireBlock(provider: JsonRpcProvider, tag: number | "latest"): Promise<L1BlockRef> {
  const block = await blockRef(provider, tag);
  if (!block)
    throw new L1Error(
      L1ErrorCode.NO_SUCH_BLOCK,
      `L1 does not have block ${tag}: the endpoint lags or L1 was reorganised; ask again`,
      typeof tag === "number" ? { number: tag } : {},
    );
  return block;
}
