import type { L1BlockRef, L1ChainState, L1Reader } from "@sprtn/ports";
import { fieldToHex, L1BlockNumber, ZERO_ADDRESS, ZERO_BYTES32 } from "@sprtn/primitives";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inboxInterface, rollupInterface } from "../contracts/interfaces.js";
import { bloomOf } from "../reader/events-bloom.js";
import type { RollupContracts } from "../rollup-contracts.js";
import { logsOf, type RpcLog } from "./event-logs.js";

/** Which chain and deployment the served L1 claims to be. */
export interface ServedL1Settings {
  readonly chainId: bigint;
  readonly contracts: RollupContracts;
}

/**
 * An L1 behind the reader's port (such as a fake), served as JSON-RPC, as far as the reader needs it. The
 * other way round than the reader, so that a test drives L1 by script and reads it through everything.
 */
export class ServedL1 {
  readonly #l1: L1Reader;
  readonly #settings: ServedL1Settings;
  readonly #server: Server;
  readonly #served = new Map<string, L1BlockRef>();

  private constructor(l1: L1Reader, settings: ServedL1Settings, server: Server) {
    this.#l1 = l1;
    this.#settings = settings;
    this.#server = server;
  }

  /** On 127.0.0.1, on any free port. */
  static async start(l1: L1Reader, settings: ServedL1Settings): Promise<ServedL1> {
    const server = createServer();
    const served = new ServedL1(l1, settings, server);
    server.on("request", (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", part => parts.push(part as Buffer));
      request.on("end", () => void served.#respond(Buffer.concat(parts).toString()).then(text => response.end(text)));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return served;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #respond(body: string): Promise<string> {
    const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: readonly unknown[] };
    const answer = await this.#answer(method, params).then(
      result => ({ result }),
      (error: unknown) => ({ error: { code: -32000, message: String(error) } }),
    );
    return JSON.stringify({ jsonrpc: "2.0", id, ...answer });
  }

  async #answer(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case "eth_chainId":
        return `0x${this.#settings.chainId.toString(16)}`;
      case "eth_blockNumber":
        return quantity((await this.#l1.head()).number);
      case "eth_getBlockByNumber":
        return this.#block(await this.#named(params[0] as string));
      case "eth_getBlockByHash":
        return this.#block(this.#served.get(params[0] as string));
      case "eth_getLogs":
        return this.#logs(params[0] as LogFilter);
      case "eth_call":
        return this.#call(params[0] as { readonly to: string; readonly data: string }, params[1]);
      default:
        throw new TypeError(`the method ${method} is not served`);
    }
  }

  async #named(tag: string): Promise<L1BlockRef | undefined> {
    if (tag === "latest") return this.#l1.head();
    if (tag === "finalized") return this.#l1.finalized();
    return this.#l1.block(L1BlockNumber(Number(tag)));
  }

  async #block(ref: L1BlockRef | undefined): Promise<object | null> {
    if (!ref) return null;
    const { number, hash, timestamp } = ref;
    this.#served.set(hash, ref);
    const logs = await this.#logsOf(number, number);
    return { number: quantity(number), hash, timestamp: quantity(timestamp), logsBloom: bloomOf(logs) };
  }

  async #logs({ fromBlock, toBlock, address, topics = [] }: LogFilter): Promise<readonly RpcLog[]> {
    const logs = await this.#logsOf(Number(fromBlock), Number(toBlock));
    const addresses = [address].flat().map(each => each.toLowerCase());
    return logs.filter(
      log =>
        addresses.includes(log.address.toLowerCase()) &&
        topics.every((wanted, i) => wanted === null || [wanted].flat().includes(log.topics[i] ?? "")),
    );
  }

  async #logsOf(from: number, to: number): Promise<RpcLog[]> {
    const events = await this.#l1.events(L1BlockNumber(from), L1BlockNumber(to));
    return events.flatMap(event => logsOf(event, this.#settings.contracts));
  }

  async #call({ to, data }: { readonly to: string; readonly data: string }, block: unknown): Promise<string> {
    const hash = typeof block === "object" && block !== null ? (block as { blockHash?: string }).blockHash : undefined;
    const ref = hash === undefined ? await this.#l1.head() : this.#served.get(hash);
    const state = ref && (await this.#l1.stateAt(ref));
    if (!state) throw new RangeError("missing trie node");
    const contract = to.toLowerCase() === this.#settings.contracts.inbox ? inboxInterface : rollupInterface;
    const called = contract.parseTransaction({ data });
    if (!called) throw new TypeError("the function is not served");
    return contract.encodeFunctionResult(called.name, [valueOf(called.name, called.args, state)]);
  }
}

interface LogFilter {
  readonly fromBlock: string;
  readonly toBlock: string;
  readonly address: string | readonly string[];
  readonly topics?: readonly (string | readonly string[] | null)[];
}

function valueOf(name: string, args: readonly unknown[], state: L1ChainState): unknown {
  const { pending, proven, archive, inHashes } = state;
  switch (name) {
    case "getTips":
      return { pending, proven, highest: pending, slot: 0, touchedPlusOne: 0 };
    case "getRecord":
      return {
        archive: fieldToHex(archive),
        accumulator: ZERO_BYTES32,
        number: pending,
        slot: 0,
        coinbase: ZERO_ADDRESS,
        nextBaseFeeL2: 0,
        nextBaseFeeDa: 0,
        cumulativeBurnt: 0,
      };
    case "openSubtree":
      return pending + inHashes.length;
    case "inHash": {
      const inHash = inHashes[Number(args[0]) - pending - 1];
      return inHash === undefined ? ZERO_BYTES32 : fieldToHex(inHash);
    }
    default:
      throw new TypeError(`the function ${name} is not served`);
  }
}

function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}
