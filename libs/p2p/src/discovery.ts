import type { Socket } from "node:dgram";
import type { EventEmitter } from "node:events";
import { isIPv6 } from "node:net";
import { Discv5, UDPTransportService } from "@chainsafe/discv5";
import { type ENR, SignableENR } from "@chainsafe/enr";
import type { Secp256k1PrivateKey } from "@libp2p/interface";
import { messageOf } from "@sprtn/primitives";
import type { Clock, Logger, Random, Service } from "@sprtn/ports";
import { Loop, onAbort, randomBelow } from "@sprtn/runtime";
import { datagramLimiter } from "./datagram-limiter.js";
import { isLoopback } from "./endpoint.js";
import type { NetworkId } from "./network.js";
import { type Candidate, candidateOf } from "./node-record.js";

export interface DiscoveryDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly privateKey: Secp256k1PrivateKey;
  /** This node's; its address is filled in when peers say what they see. */
  readonly record: SignableENR;
  /** Whether connections are missing: then it looks for peers often. */
  readonly peersWanted: () => boolean;
  readonly onCandidate: (candidate: Candidate) => void;
  /** Hears the IP address that peers see this node at, when it was not known. */
  readonly onAddress: (ip: string) => void;
}

export interface DiscoverySettings {
  readonly network: NetworkId;
  readonly listen: { readonly host: string; readonly port: number };
  readonly bootstrapRecords: readonly ENR[];
}

type Discv5Options = Parameters<typeof Discv5.create>[0];

const LOOKUP_EVERY_MS = 2_000;
/** With enough peers, lookups only refresh what is known. */
const IDLE_LOOKUP_EVERY_MS = 60_000;
const PING_INTERVAL_MS = 30_000;
/** Nodes that one lookup asks. */
const MAX_ASKED = 8;
/** Peers that must agree on this node's address; networks of four nodes exist. */
const VOTES_FOR_ADDRESS = 2;

/** Finds peers of this network over UDP (discv5). */
export class Discovery implements Service {
  readonly #dependencies: DiscoveryDependencies;
  readonly #network: NetworkId;
  readonly #discv5: Discv5;
  readonly #transport: UDPTransportService;
  readonly #addressKnown: boolean;
  readonly #loop: Loop;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(dependencies: DiscoveryDependencies, settings: DiscoverySettings) {
    const { record, privateKey } = dependencies;
    this.#dependencies = dependencies;
    this.#network = settings.network;
    this.#addressKnown = (record.ip ?? record.ip6) !== undefined;
    const bindAddrs = bindAddresses(privateKey, settings.listen);
    this.#transport = new UDPTransportService({
      bindAddrs,
      nodeId: record.nodeId,
      rateLimiter: datagramLimiter(dependencies.clock, isLoopback(settings.listen.host)),
    });
    this.#discv5 = Discv5.create({
      enr: record,
      // Only its type and raw bytes are read.
      privateKey: privateKey as unknown as Discv5Options["privateKey"],
      bindAddrs,
      transport: this.#transport,
      config: {
        enrUpdate: !this.#addressKnown,
        addrVotesToUpdateEnr: VOTES_FOR_ADDRESS,
        pingInterval: PING_INTERVAL_MS,
        allowUnverifiedSessions: true,
      },
    });
    const onError = (error: unknown) =>
      dependencies.logger.verbose("discovery failed: it will be tried again soon", { error: messageOf(error) });
    this.#loop = new Loop(
      { clock: dependencies.clock, onError, step: signal => this.#round(signal) },
      { intervalMs: LOOKUP_EVERY_MS },
    );
    for (const bootstrap of settings.bootstrapRecords) this.#discv5.addEnr(bootstrap);
  }

  /** Its port must be free: probeUdpPort tells. */
  async start(signal: AbortSignal): Promise<void> {
    this.#events
      .on("discovered", this.#onRecord)
      .on("enrAdded", this.#onRecord)
      .on("multiaddrUpdated", this.#onAddress);
    await this.#discv5.start();
    // A datagram that cannot be sent (no route) must not end the process: discv5 leaves its sockets without a listener.
    for (const socket of openSockets(this.#transport)) {
      socket.on("error", error => this.#dependencies.logger.debug("datagram not sent", { error: error.message }));
    }
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#events.removeAllListeners();
    await this.#discv5.stop();
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { clock, peersWanted } = this.#dependencies;
    if (!peersWanted() && clock.steadyMs() - this.#lookedMs < IDLE_LOOKUP_EVERY_MS) return;
    await this.#lookup(signal);
    this.#lookedMs = clock.steadyMs();
  }

  /**
   * Asks known nodes, then those that they name, for nodes; what is found goes to `onCandidate`. Ends early when
   * `signal`
   * fires. (discv5's own lookup leaves a timer running for a minute, and never ends when no node is known.)
   */
  async #lookup(signal: AbortSignal): Promise<void> {
    const known = this.#shuffled(this.#discv5.kadValues());
    const asked = new Set<string>();
    for (let i = 0; i < known.length && i < MAX_ASKED && !signal.aborted; i++) {
      const record = known[i] as ENR;
      asked.add(record.nodeId);
      if (!this.#addressKnown) void this.#ping(record);
      for (const found of await this.#ask(record, signal)) {
        if (asked.has(found.nodeId) || found.nodeId === this.#discv5.enr.nodeId || !candidateOf(found, this.#network))
          continue;
        if (!known.some(({ nodeId }) => nodeId === found.nodeId)) known.push(found);
        this.#discv5.addEnr(found);
      }
    }
  }

  /** The nodes that `record`'s node names; none if it does not answer. */
  async #ask(record: ENR, signal: AbortSignal): Promise<readonly ENR[]> {
    const { promise: aborted, resolve } = Promise.withResolvers<readonly ENR[]>();
    const release = onAbort(signal, () => resolve([]));
    // Seven of eight nodes are in the three farthest buckets; one more draw reaches the others in time.
    const near = 245 + randomBelow(this.#dependencies.random, 9);
    try {
      return await Promise.race([this.#discv5.sendFindNode(record, [256, 255, 254, near]), aborted]);
    } catch (error) {
      this.#dependencies.logger.debug("discovery request failed", { error: messageOf(error) });
      return [];
    } finally {
      release();
    }
  }

  /** The answer says where this node was seen: discv5 counts it. */
  async #ping(record: ENR): Promise<void> {
    try {
      await this.#discv5.sendPing(record);
    } catch (error) {
      this.#dependencies.logger.debug("discovery ping failed", { error: messageOf(error) });
    }
  }

  #shuffled(records: ENR[]): ENR[] {
    for (let i = records.length - 1; i > 0; i--) {
      const j = randomBelow(this.#dependencies.random, i + 1);
      [records[i], records[j]] = [records[j] as ENR, records[i] as ENR];
    }
    return records;
  }

  /** discv5's typed emitter is lost under nodenext resolution. */
  get #events(): EventEmitter {
    return this.#discv5 as unknown as EventEmitter;
  }

  readonly #onRecord = (record: ENR) => {
    try {
      const candidate = candidateOf(record, this.#network);
      if (candidate) this.#dependencies.onCandidate(candidate);
    } catch (error) {
      this.#dependencies.logger.debug("discovered record cannot be read", { error: messageOf(error) });
    }
  };

  readonly #onAddress = () => {
    const ip = this.#discv5.enr.ip ?? this.#discv5.enr.ip6;
    if (ip !== undefined) this.#dependencies.onAddress(ip);
  };
}

/** discv5 brings its own version of multiaddr: an ENR makes one. */
function bindAddresses(
  privateKey: Secp256k1PrivateKey,
  listen: { readonly host: string; readonly port: number },
): Discv5Options["bindAddrs"] {
  const scratch = SignableENR.createV4(privateKey.raw);
  if (isIPv6(listen.host)) {
    scratch.ip6 = listen.host;
    scratch.udp6 = listen.port;
    return { ip6: scratch.getLocationMultiaddr("udp6") } as Discv5Options["bindAddrs"];
  }
  scratch.ip = listen.host;
  scratch.udp = listen.port;
  return { ip4: scratch.getLocationMultiaddr("udp4") } as Discv5Options["bindAddrs"];
}

function openSockets(transport: UDPTransportService): Socket[] {
  const { ip4, ip6 } = transport as unknown as { ip4?: { socket?: Socket }; ip6?: { socket?: Socket } };
  return [ip4?.socket, ip6?.socket].filter(socket => socket !== undefined);
}
