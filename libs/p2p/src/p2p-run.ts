import type { SignableENR } from "@chainsafe/enr";
import { TopicValidatorResult } from "@libp2p/gossipsub";
import type { PeerId, Secp256k1PrivateKey } from "@libp2p/interface";
import { messageOf } from "@sprtn/primitives";
import type { Topic } from "@sprtn/ports";
import { Loop, type Service } from "@sprtn/runtime";
import { announcedHost } from "./announced-host.js";
import type { BanList } from "./ban-list.js";
import { ConnectionPolicy } from "./connection-policy.js";
import { dial, hangUp, openStream } from "./connections.js";
import type { Dialer } from "./dialer.js";
import { Discovery } from "./discovery.js";
import { isLoopback, isUnspecified, toMultiaddrText } from "./endpoint.js";
import { MAX_TOTAL_BACKLOG_BYTES, slowestReaders } from "./gossip-backlog.js";
import type { GossipValidator } from "./gossip-validator.js";
import type { KnownPeers } from "./known-peers.js";
import { gossipOptions } from "./gossip-parameters.js";
import { createHost, type Host, type ScoringGossipSub } from "./host.js";
import { identityFromHex, loadOrCreateIdentity } from "./identity.js";
import { REQUEST_PROTOCOLS, requestProtocolId, topicName } from "./network.js";
import { type BootstrapNodes, type Candidate, createRecord, parseBootstrapNodes } from "./node-record.js";
import type { P2pDependencies } from "./p2p-dependencies.js";
import type { P2pMetrics } from "./p2p-metrics.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import type { P2pSettings } from "./p2p-settings.js";
import { PeerBook } from "./peer-book.js";
import { PeerGate } from "./peer-gate.js";
import type { PeerEvent } from "./peer-info.js";
import { PeerKeeper } from "./peer-keeper.js";
import { PENALTY, type PeerScores } from "./peer-scores.js";
import { PeerViews } from "./peer-views.js";
import { probeTcpPort, probeUdpPort } from "./probe-port.js";
import { RequestClient } from "./request-client.js";
import { REQUEST_LIMITS } from "./request-limits.js";
import type { RequestServer } from "./request-server.js";

export interface P2pRunDependencies extends P2pDependencies {
  readonly metrics: P2pMetrics;
  readonly scores: PeerScores;
  readonly bans: BanList;
  readonly known: KnownPeers;
  readonly gossipValidator: GossipValidator;
  readonly server: RequestServer;
  readonly penalize: (peer: string, points: number, code: string) => void;
  readonly emit: (event: PeerEvent) => void;
}

const AGENT = "sprtn";
const DIAL_EVERY_MS = 1_000;
const KEEP_EVERY_MS = 5_000;
const verdictToResult = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

/** One life of a node, from start to stop: the libp2p host and what looks after its connections. */
export class P2pRun {
  readonly client: RequestClient;
  readonly gate: PeerGate;
  readonly views: PeerViews;
  readonly #dependencies: P2pRunDependencies;
  readonly #settings: P2pSettings;
  readonly #book: PeerBook;
  readonly #policy: ConnectionPolicy;
  readonly #controller = new AbortController();
  /** Work that events began and stop waits for. */
  readonly #tasks = new Set<Promise<void>>();
  /** Stopped in reverse. */
  readonly #services: Service[] = [];
  #spokenTo = new Set<string>();
  #host: Host | undefined;
  #dialer: Dialer | undefined;
  #dialLoop: Loop | undefined;
  #record: SignableENR | undefined;

  constructor(dependencies: P2pRunDependencies, settings: P2pSettings) {
    const { clock, logger, metrics, bans, tips } = dependencies;
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#book = new PeerBook(dependencies);
    this.#policy = new ConnectionPolicy({ ...dependencies, book: this.#book }, settings);
    this.views = new PeerViews({ ...dependencies, book: this.#book, host: () => this.#host });
    this.client = new RequestClient(
      {
        clock,
        metrics,
        openStream: (peer, protocol, signal) =>
          openStream(this.#libp2p, peer, requestProtocolId(settings.network, protocol), signal),
        onMisbehaviour: (peer, code) => dependencies.penalize(peer, PENALTY.reject, code),
      },
      { limits: REQUEST_LIMITS },
    );
    this.gate = new PeerGate(
      {
        logger,
        metrics,
        bans,
        tips,
        book: this.#book,
        requestStatus: (peer, status) => this.client.request(peer, "status", status, this.#controller.signal),
        sayGoodbye: (peer, code) => this.#sayGoodbye(peer, code),
        hangUp: async peer => this.#host && hangUp(this.#host.libp2p, peer),
        onAccepted: ({ peer, direction }) => {
          this.#dialer?.succeeded(peer);
          if (direction === "outbound") dependencies.known.note(peer);
          this.views.count();
          dependencies.emit({ type: "accepted", peer, direction });
        },
        onGoodbye: (peer, pauseMs) => this.#dialer?.postpone(peer, pauseMs),
      },
      { network: settings.network },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    const { random, identityStore, clock, logger, scores } = this.#dependencies;
    const { privateKeyHex, network, tcpListen, udpListen, discovery, maxPeersPerAddress } = this.#settings;
    const stopWith = () => this.#controller.abort();
    signal.addEventListener("abort", stopWith, { signal: this.#controller.signal });
    if (signal.aborted) stopWith();

    const bootstrap = parseBootstrapNodes(this.#settings.bootstrapNodes, network);
    const key =
      privateKeyHex === undefined ? await loadOrCreateIdentity(random, identityStore) : identityFromHex(privateKeyHex);
    const listenHost = tcpListen.host;
    if (tcpListen.port !== 0) await probeTcpPort(listenHost, tcpListen.port);
    const udpPort = discovery ? await probeUdpPort(udpListen.host, udpListen.port) : undefined;
    const host = await announcedHost(this.#dependencies.queryIp, this.#settings, this.#controller.signal);

    this.#throwIfStopped();
    const loopback = isLoopback(listenHost);
    const announcePort = this.#settings.tcpAnnounce?.port ?? 0;
    const announce = host !== undefined && announcePort !== 0 ? [toMultiaddrText(host, "tcp", announcePort)] : [];
    this.#host = await createHost({
      privateKey: key,
      agent: AGENT,
      listen: [toMultiaddrText(listenHost, "tcp", tcpListen.port)],
      announce,
      maxPeers: this.#settings.maxPeers,
      loopback,
      places: this.#policy.places(peer => this.#track(this.gate.dismiss(peer, P2pErrorCode.NO_PLACE))),
      gossip:
        this.#settings.role === "bootstrap"
          ? undefined
          : gossipOptions({ network, loopback, maxPeersPerAddress, ownScore: peer => scores.scoreOf(peer) }),
      isBanned: peer => this.#dependencies.bans.reasonOf(peer) !== undefined,
    });
    await this.#startHost(this.#host);
    this.#throwIfStopped();
    this.#dialer = this.#policy.dialer(bootstrap, {
      self: this.peerId,
      dial: ({ addresses }, stopping) => dial(this.#libp2p, addresses, stopping),
    });
    this.#record = createRecord(key.raw, network, {
      host: host ?? (isUnspecified(listenHost) ? undefined : listenHost),
      tcp: announcePort === 0 ? this.#boundTcpPort() : announcePort,
      udp: udpPort === undefined ? undefined : this.#settings.udpAnnounce?.port || udpPort,
    });
    if (udpPort !== undefined) await this.#startService(this.#createDiscovery(key, this.#record, bootstrap, udpPort));
    const onError = (error: unknown) =>
      logger.verbose("looking after peers failed: tried again soon", { error: messageOf(error) });
    this.#dialLoop = new Loop(
      { clock, onError, step: stopping => this.#dialer?.round(stopping) ?? Promise.resolve() },
      { intervalMs: DIAL_EVERY_MS },
    );
    await this.#startService(this.#dialLoop);
    await this.#startService(
      new Loop(
        { clock, onError, step: () => this.#keep() },
        { intervalMs: KEEP_EVERY_MS, firstStep: "after-interval" },
      ),
    );
    logger.info("p2p started", {
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

  /** Starts to hear `topic`; before the host exists, #startHost does. */
  join(topic: Topic): void {
    const gossip = this.#host?.gossip;
    if (!gossip) return;
    const { gossipValidator } = this.#dependencies;
    const name = topicName(this.#settings.network, topic);
    gossip.topicValidators.set(
      name,
      async (from, { data }) => verdictToResult[(await gossipValidator.validate(topic, data, from.toString())).result],
    );
    gossip.subscribe(name);
  }

  /** Peers that listen to `topic` and can be spoken to. */
  subscribers(topic: Topic): readonly string[] {
    const gossip = this.#host?.gossip;
    const ids = gossip?.getSubscribers(topicName(this.#settings.network, topic)) ?? [];
    return ids.map(id => id.toString()).filter(peer => gossip?.streamsOutbound.has(peer));
  }

  get #libp2p(): Host["libp2p"] {
    if (this.#host) return this.#host.libp2p;
    throw notStarted();
  }

  async #startHost({ libp2p, gossip }: Host): Promise<void> {
    const { server, gossipValidator } = this.#dependencies;
    for (const protocol of REQUEST_PROTOCOLS) {
      await libp2p.handle(
        requestProtocolId(this.#settings.network, protocol),
        (stream, connection) => server.serve(protocol, stream, connection.remotePeer.toString()),
        { maxInboundStreams: 2 * REQUEST_LIMITS[protocol].maxConcurrentPerPeer },
      );
    }
    libp2p.addEventListener("peer:connect", ({ detail }) => this.#onConnect(detail));
    libp2p.addEventListener("peer:disconnect", ({ detail }) => this.#onDisconnect(detail.toString()));
    libp2p.addEventListener("peer:identify", ({ detail }) => {
      const entry = this.#book.get(detail.peerId.toString());
      if (entry && detail.agentVersion !== undefined) entry.agent = detail.agentVersion;
    });
    try {
      await libp2p.start();
    } catch (cause) {
      throw new P2pError(
        P2pErrorCode.START_FAILED,
        `libp2p did not start (${messageOf(cause)}): check P2P_TCP_LISTEN_ADDR`,
        {},
        { cause },
      );
    }
    gossip?.addEventListener("subscription-change", ({ detail }) => this.#topicsChanged(detail.peerId.toString()));
    gossip?.addEventListener("gossipsub:heartbeat", () => {
      this.#shedBacklog(gossip);
      this.#noteStreams(gossip);
    });
    for (const topic of gossipValidator.topics) this.join(topic);
  }

  #createDiscovery(
    key: Secp256k1PrivateKey,
    record: SignableENR,
    { records }: BootstrapNodes,
    port: number,
  ): Discovery {
    const { network, udpListen, minPeers } = this.#settings;
    return new Discovery(
      {
        ...this.#dependencies,
        record,
        privateKey: key,
        peersWanted: () => this.#book.size < minPeers,
        onCandidate: candidate => this.#onCandidate(candidate),
        onAddress: ip => this.#dependencies.logger.verbose("peers see this node", { ip }),
      },
      { network, listen: { host: udpListen.host, port }, bootstrapRecords: records },
    );
  }

  async #startService(service: Service): Promise<void> {
    this.#services.push(service);
    await service.start(this.#controller.signal);
  }

  #onCandidate(candidate: Candidate): void {
    if (this.#dialer?.add(candidate)) void this.#dialLoop?.trigger();
  }

  #onConnect(id: PeerId): void {
    const peer = id.toString();
    const direction = this.#libp2p.getConnections(id)[0]?.direction ?? "inbound";
    this.#book.connected(peer, direction);
    this.#track(this.gate.check(peer));
  }

  #onDisconnect(peer: string): void {
    const entry = this.#book.disconnected(peer);
    // Who comes back before the next heartbeat is spoken to anew.
    this.#spokenTo.delete(peer);
    if (!entry) return;
    if (!entry.accepted) this.#dialer?.failed(peer);
    this.views.count();
    this.#dependencies.emit({ type: "left", peer, direction: entry.direction });
  }

  #topicsChanged(peer: string): void {
    const entry = this.#book.get(peer);
    if (entry) this.#dependencies.emit({ type: "topics", peer, direction: entry.direction });
  }

  /** The keeper then hangs up on whoever lost its stream. */
  #shedBacklog({ streamsOutbound }: ScoringGossipSub): void {
    for (const [peer, { rawStream }] of slowestReaders(streamsOutbound, MAX_TOTAL_BACKLOG_BYTES)) {
      const error = new P2pError(P2pErrorCode.TOO_SLOW, `${peer} takes its messages too slowly`, { peer });
      this.#dependencies.logger.debug("gossip stream given up", { peer, bytes: rawStream.writeBufferLength });
      rawStream.abort(error);
    }
  }

  /** Gossipsub does not tell when it can speak to a peer, which may be after the peer's subscriptions came. */
  #noteStreams({ streamsOutbound }: ScoringGossipSub): void {
    const before = this.#spokenTo;
    this.#spokenTo = new Set(streamsOutbound.keys());
    for (const peer of this.#spokenTo) if (!before.has(peer)) this.#topicsChanged(peer);
  }

  async #keep(): Promise<void> {
    const { metrics } = this.#dependencies;
    const { libp2p, gossip } = this.#host as Host;
    const keeper = new PeerKeeper({
      ...this.#dependencies,
      libp2p,
      book: this.#book,
      gate: this.gate,
      scoreOf: peer => this.views.scoreOf(peer),
      hangUp: peer => hangUp(libp2p, peer),
      gossip,
    });
    await keeper.round();
    for (const topic of this.#dependencies.gossipValidator.topics)
      metrics.mesh(topic, gossip?.getMeshPeers(topicName(this.#settings.network, topic)).length ?? 0);
  }

  async #sayGoodbye(peer: string, code: string): Promise<void> {
    try {
      await this.client.request(peer, "goodbye", new TextEncoder().encode(code.slice(0, 64)), this.#controller.signal);
    } catch (error) {
      this.#dependencies.logger.debug("goodbye not heard", { peer, error: messageOf(error) });
    }
  }

  #throwIfStopped(): void {
    if (this.#controller.signal.aborted)
      throw new P2pError(P2pErrorCode.ABORTED, "the node was stopped while it started", {});
  }

  #boundTcpPort(): number {
    const component = this.#libp2p
      .getMultiaddrs()
      .flatMap(address => address.getComponents())
      .find(({ name }) => name === "tcp");
    return Number(component?.value ?? this.#settings.tcpListen.port);
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }
}

function notStarted(): P2pError {
  return new P2pError(P2pErrorCode.NOT_STARTED, "the p2p node does not run yet, or no more: await its start", {});
}
