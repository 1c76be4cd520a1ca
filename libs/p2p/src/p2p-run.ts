import { performance } from "node:perf_hooks";
import type { SignableENR } from "@chainsafe/enr";
import type { Secp256k1PrivateKey } from "@libp2p/interface";
import { messageOf } from "@sprtn/primitives";
import type { Service } from "@sprtn/ports";
import { Loop } from "@sprtn/runtime";
import type { BanList } from "./ban-list.js";
import { ConnectionPolicy } from "./connection-policy.js";
import { dial, hangUp, openStream } from "./connections.js";
import type { Dialer } from "./dialer.js";
import { Discovery } from "./discovery.js";
import { gossipOptions } from "./gossip-parameters.js";
import { GossipTopics } from "./gossip-topics.js";
import type { GossipValidator } from "./gossip-validator.js";
import { createHost, type Host, type ScoringGossipSub } from "./host.js";
import { identityFromHex, loadOrCreateIdentity } from "./identity.js";
import type { KnownPeers } from "./known-peers.js";
import { requestProtocolId } from "./network.js";
import { type BootstrapNodes, type Candidate, createRecord, parseBootstrapNodes } from "./node-record.js";
import { type OwnAddresses, ownAddresses } from "./own-addresses.js";
import type { P2pDependencies } from "./p2p-dependencies.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import type { P2pMetrics } from "./p2p-metrics.js";
import type { P2pSettings } from "./p2p-settings.js";
import type { PartingLog } from "./parting-log.js";
import { PeerBook } from "./peer-book.js";
import { PeerEvents } from "./peer-events.js";
import { PeerGate } from "./peer-gate.js";
import type { PeerEvent } from "./peer-info.js";
import { PeerKeeper } from "./peer-keeper.js";
import { PENALTY, type PeerScores } from "./peer-scores.js";
import { PeerViews } from "./peer-views.js";
import { RequestClient } from "./request-client.js";
import { REQUEST_LIMITS } from "./request-limits.js";
import type { RequestServer } from "./request-server.js";
import { boundTcpPort, startHost } from "./start-host.js";
import { ThreadLoad } from "./thread-load.js";

/** What outlives a run: what is known of peers, and the handlers. */
export interface P2pRunDependencies extends P2pDependencies {
  readonly metrics: P2pMetrics;
  readonly scores: PeerScores;
  readonly bans: BanList;
  readonly partings: PartingLog;
  readonly known: KnownPeers;
  readonly gossipValidator: GossipValidator;
  readonly server: RequestServer;
  readonly penalize: (peer: string, points: number, code: string) => void;
  readonly emit: (event: PeerEvent) => void;
}

const AGENT = "sprtn";
const DIAL_EVERY_MS = 1_000;
const KEEP_EVERY_MS = 5_000;

/** One life of a node, from start to stop: the libp2p host and what looks after its connections. */
export class P2pRun {
  readonly client: RequestClient;
  readonly gate: PeerGate;
  readonly topics: GossipTopics;
  readonly views: PeerViews;
  readonly #dependencies: P2pRunDependencies;
  readonly #settings: P2pSettings;
  readonly #book: PeerBook;
  readonly #policy: ConnectionPolicy;
  readonly #events: PeerEvents;
  readonly #controller = new AbortController();
  /** Work that events began and stop waits for. */
  readonly #tasks = new Set<Promise<void>>();
  /** Stopped in reverse. */
  readonly #services: Service[] = [];
  #host: Host | undefined;
  #dialer: Dialer | undefined;
  #dialLoop: Loop | undefined;
  #record: SignableENR | undefined;

  constructor(dependencies: P2pRunDependencies, settings: P2pSettings) {
    const { network } = settings;
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#book = new PeerBook(dependencies);
    const threadLoad = new ThreadLoad({
      threadTime: dependencies.threadTime ?? (() => performance.eventLoopUtilization()),
    });
    this.#policy = new ConnectionPolicy({ ...dependencies, book: this.#book, load: () => threadLoad.now() }, settings);
    this.views = new PeerViews({ ...dependencies, book: this.#book, host: () => this.#host });
    this.topics = new GossipTopics({ ...dependencies, gossip: () => this.gossip }, { network });
    this.client = this.#createClient();
    this.gate = this.#createGate();
    this.#events = new PeerEvents({
      book: this.#book,
      emit: dependencies.emit,
      onConnected: peer => this.#track(this.gate.check(peer)),
      onLeft: (peer, accepted) => {
        if (!accepted) this.#dialer?.failed(peer);
        this.views.count();
      },
    });
  }

  async start(signal: AbortSignal): Promise<void> {
    const { random, identityStore, queryIp } = this.#dependencies;
    const { privateKeyHex, network } = this.#settings;
    const stopWith = () => this.#controller.abort();
    signal.addEventListener("abort", stopWith, { signal: this.#controller.signal });
    if (signal.aborted) stopWith();

    const bootstrap = parseBootstrapNodes(this.#settings.bootstrapNodes, network);
    const key =
      privateKeyHex === undefined ? await loadOrCreateIdentity(random, identityStore) : identityFromHex(privateKeyHex);
    const own = await ownAddresses(queryIp, this.#settings, this.#controller.signal);
    this.#throwIfStopped();
    this.#host = await this.#createHost(key, own);
    await startHost(this.#host, this.#dependencies.server, network);
    this.topics.joinAll();
    this.#throwIfStopped();
    this.#dialer = this.#policy.dialer(bootstrap, {
      self: this.peerId,
      dial: ({ addresses }, stopping) => dial(this.#libp2p, addresses, stopping),
    });
    const tcpPort = boundTcpPort(this.#host) ?? this.#settings.tcpListen.port;
    this.#record = createRecord(key.raw, network, own.record(tcpPort));
    if (own.udpPort !== undefined) await this.#startDiscovery(key, bootstrap, own.udpPort);
    await this.#startLoops(this.#host);
    this.#dependencies.logger.info("p2p started", {
      peerId: this.peerId,
      addresses: this.addresses(),
      enr: this.enr(),
      role: this.#settings.role,
    });
  }

  /** Ends what is under way; {@link stop} must follow. */
  abort(): void {
    this.#controller.abort();
  }

  async stop(): Promise<void> {
    this.abort();
    for (let service = this.#services.pop(); service; service = this.#services.pop()) await service.stop();
    await this.#host?.libp2p.stop();
    await Promise.all(this.#tasks);
    this.#book.clear();
    this.views.count();
  }

  get gossip(): ScoringGossipSub | undefined {
    return this.#host?.gossip;
  }

  get peerId(): string {
    return this.#libp2p.peerId.toString();
  }

  addresses(): readonly string[] {
    return this.#libp2p.getMultiaddrs().map(address => address.toString());
  }

  enr(): string {
    if (!this.#record) throw notStarted();
    return this.#record.encodeTxt();
  }

  async dial(address: string, signal: AbortSignal | undefined): Promise<void> {
    await dial(this.#libp2p, [address], AbortSignal.any([this.#controller.signal, ...(signal ? [signal] : [])]));
  }

  get #libp2p(): Host["libp2p"] {
    if (this.#host) return this.#host.libp2p;
    throw notStarted();
  }

  #createClient(): RequestClient {
    const { network } = this.#settings;
    return new RequestClient(
      {
        ...this.#dependencies,
        openStream: (peer, protocol, signal) =>
          openStream(this.#libp2p, { peer, protocolId: requestProtocolId(network, protocol) }, signal),
        onMisbehaviour: (peer, code) => this.#dependencies.penalize(peer, PENALTY.reject, code),
      },
      { limits: REQUEST_LIMITS },
    );
  }

  #createGate(): PeerGate {
    const stopping = this.#controller.signal;
    return new PeerGate(
      {
        ...this.#dependencies,
        book: this.#book,
        requestStatus: (peer, data) => this.client.request(peer, { protocol: "status", data }, stopping),
        sayGoodbye: (peer, code) => this.#sayGoodbye(peer, code),
        hangUp: async peer => this.#host && hangUp(this.#host.libp2p, peer),
        onAccepted: ({ peer, direction }) => {
          this.#dialer?.succeeded(peer);
          if (direction === "outbound") this.#dependencies.known.note(peer);
          this.views.count();
          this.#dependencies.emit({ type: "accepted", peer, direction });
        },
        onGoodbye: (peer, pauseMs) => this.#dialer?.postpone(peer, pauseMs),
      },
      { network: this.#settings.network },
    );
  }

  async #createHost(privateKey: Secp256k1PrivateKey, { listen, announce, loopback }: OwnAddresses): Promise<Host> {
    const { scores, bans } = this.#dependencies;
    const { network, maxPeers, maxPeersPerAddress, role } = this.#settings;
    const ownScore = (peer: string) => scores.scoreOf(peer);
    const host = await createHost({
      privateKey,
      agent: AGENT,
      listen,
      announce,
      maxPeers,
      loopback,
      places: this.#policy.places(peer => this.#track(this.gate.dismiss(peer, P2pErrorCode.NO_PLACE))),
      pace: this.#policy.pace(),
      gossip: role === "bootstrap" ? undefined : gossipOptions({ network, loopback, maxPeersPerAddress, ownScore }),
      isBanned: peer => bans.reasonOf(peer) !== undefined,
    });
    // Streams are given up before they are looked at.
    host.gossip?.addEventListener("gossipsub:heartbeat", () => this.topics.shedBacklog());
    this.#events.watch(host);
    return host;
  }

  async #startDiscovery(key: Secp256k1PrivateKey, { records }: BootstrapNodes, port: number): Promise<void> {
    const { network, udpListen, minPeers } = this.#settings;
    const discovery = new Discovery(
      {
        ...this.#dependencies,
        record: this.#record as SignableENR,
        privateKey: key,
        peersWanted: () => this.#book.size < minPeers,
        onCandidate: candidate => this.#onCandidate(candidate),
        onAddress: ip => this.#dependencies.logger.verbose("peers see this node", { ip }),
      },
      { network, listen: { host: udpListen.host, port }, bootstrapRecords: records },
    );
    await this.#startService(discovery);
  }

  /** One dials, the other manages connected peers. */
  async #startLoops({ libp2p, gossip }: Host): Promise<void> {
    const { clock, logger } = this.#dependencies;
    const keeper = new PeerKeeper({
      ...this.#dependencies,
      libp2p,
      book: this.#book,
      gate: this.gate,
      scoreOf: peer => this.views.scoreOf(peer),
      hangUp: peer => hangUp(libp2p, peer),
      gossip,
    });
    const keep = async () => {
      await keeper.round();
      this.topics.measure();
    };
    const onError = (error: unknown) =>
      logger.verbose("managing peers failed: it will be tried again soon", { error: messageOf(error) });
    const round = (stopping: AbortSignal) => this.#dialer?.round(stopping) ?? Promise.resolve();
    this.#dialLoop = new Loop({ clock, onError, step: round }, { intervalMs: DIAL_EVERY_MS });
    await this.#startService(this.#dialLoop);
    await this.#startService(
      new Loop({ clock, onError, step: keep }, { intervalMs: KEEP_EVERY_MS, firstStep: "after-interval" }),
    );
  }

  async #startService(service: Service): Promise<void> {
    this.#services.push(service);
    await service.start(this.#controller.signal);
  }

  #onCandidate(candidate: Candidate): void {
    if (this.#dialer?.add(candidate)) void this.#dialLoop?.trigger();
  }

  async #sayGoodbye(peer: string, code: string): Promise<void> {
    try {
      const data = new TextEncoder().encode(code.slice(0, 64));
      await this.client.request(peer, { protocol: "goodbye", data }, this.#controller.signal);
    } catch (error) {
      this.#dependencies.logger.debug("goodbye not heard", { peer, error: messageOf(error) });
    }
  }

  #throwIfStopped(): void {
    if (this.#controller.signal.aborted)
      throw new P2pError(P2pErrorCode.ABORTED, "the node was stopped while it was starting", {});
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }
}

function notStarted(): P2pError {
  return new P2pError(P2pErrorCode.NOT_STARTED, "the p2p node is not running: wait for it to start", {});
}
