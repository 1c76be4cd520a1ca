import type {
  Gossip,
  GossipHandler,
  Logger,
  PeerRequest,
  RequestHandler,
  RequestProtocol,
  RequestResponse,
  Service,
  Topic,
} from "@sprtn/ports";
import { BanList } from "./ban-list.js";
import { GossipValidator } from "./gossip-validator.js";
import { GOSSIP_QUEUE, TOPIC_LIMITS } from "./gossip-limits.js";
import { KNOWN_PEERS, KnownPeers } from "./known-peers.js";
import { topicName } from "./network.js";
import type { P2pDependencies } from "./p2p-dependencies.js";
import { createP2pMetrics, type P2pMetrics } from "./p2p-metrics.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import { PartingLog } from "./parting-log.js";
import { P2pRun } from "./p2p-run.js";
import type { P2pSettings } from "./p2p-settings.js";
import type { PeerEvent, PeerInfo } from "./peer-info.js";
import { EXPELLED_AT, PENALTY, PeerScores, REMEMBERED_PEERS } from "./peer-scores.js";
import { MAX_CONCURRENT_SERVED, REQUEST_LIMITS } from "./request-limits.js";
import { RequestServer } from "./request-server.js";

const SCORE_HALF_LIFE_MS = 10 * 60_000;

/** A node of the peer-to-peer network: gossip and requests over libp2p. Handlers may be set before and after start. */
export class P2pNode implements Service, Gossip, RequestResponse {
  readonly #dependencies: P2pDependencies;
  readonly #settings: P2pSettings;
  readonly #logger: Logger;
  readonly #metrics: P2pMetrics;
  readonly #scores: PeerScores;
  readonly #bans: BanList;
  readonly #partings: PartingLog;
  readonly #known: KnownPeers;
  readonly #gossipValidator: GossipValidator;
  readonly #server: RequestServer;
  readonly #listeners = new Set<(event: PeerEvent) => void>();
  #run: P2pRun | undefined;
  #starting: Promise<void> | undefined;

  constructor(dependencies: P2pDependencies, settings: P2pSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#logger = dependencies.logger.child("p2p");
    this.#metrics = createP2pMetrics(dependencies.meter);
    this.#scores = new PeerScores(dependencies, { halfLifeMs: SCORE_HALF_LIFE_MS, maxPeers: REMEMBERED_PEERS });
    this.#bans = new BanList(dependencies, { maxPeers: REMEMBERED_PEERS });
    this.#partings = new PartingLog({ clock: dependencies.clock, logger: this.#logger });
    const common = {
      clock: dependencies.clock,
      logger: this.#logger,
      metrics: this.#metrics,
      penalize: this.#takePoints,
    };
    this.#known = new KnownPeers(dependencies, KNOWN_PEERS);
    const onAccepted = (peer: string) => this.#known.note(peer);
    this.#gossipValidator = new GossipValidator(
      { ...common, onAccepted, isBanned: peer => this.#bans.reasonOf(peer) !== undefined },
      { topics: TOPIC_LIMITS, queue: GOSSIP_QUEUE, maxPeers: REMEMBERED_PEERS },
    );
    this.#server = new RequestServer(common, {
      limits: REQUEST_LIMITS,
      maxConcurrent: MAX_CONCURRENT_SERVED,
      maxPeers: REMEMBERED_PEERS,
    });
    this.#server.setHandler("ping", async ({ data }) => data);
    this.#server.setHandler("status", request => this.#running().gate.answerStatus(request));
    this.#server.setHandler("goodbye", request => this.#running().gate.answerGoodbye(request));
  }

  /** @throws PORT_TAKEN, BAD_ADDRESS, BAD_KEY, BAD_BOOTSTRAP_NODE, START_FAILED, ABORTED, ALREADY_STARTED */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#run)
      throw new P2pError(
        P2pErrorCode.ALREADY_STARTED,
        "the node is already running: stop it before starting it again",
        {},
      );
    const run = new P2pRun(
      {
        ...this.#dependencies,
        logger: this.#logger,
        metrics: this.#metrics,
        scores: this.#scores,
        bans: this.#bans,
        partings: this.#partings,
        known: this.#known,
        gossipValidator: this.#gossipValidator,
        server: this.#server,
        penalize: this.#takePoints,
        emit: event => this.#listeners.forEach(listener => listener(event)),
      },
      this.#settings,
    );
    this.#run = run;
    this.#starting = run.start(signal);
    try {
      await this.#starting;
    } catch (error) {
      await run.stop();
      this.#run = undefined;
      throw error;
    } finally {
      this.#starting = undefined;
    }
  }

  /** Called during `start`, it makes that give up with ABORTED. */
  async stop(): Promise<void> {
    const run = this.#run;
    run?.abort();
    // Its caller hears how the start went.
    await this.#starting?.catch(() => undefined);
    await run?.stop();
    if (this.#run === run) this.#run = undefined;
  }

  subscribe(topic: Topic, handler: GossipHandler): void {
    this.#gossipValidator.setHandler(topic, handler);
    this.#run?.topics.join(topic);
  }

  /** @throws TOO_LARGE, NOT_STARTED, RATE_LIMITED */
  async publish(topic: Topic, data: Uint8Array): Promise<number> {
    const { maxBytes } = TOPIC_LIMITS[topic];
    if (data.length > maxBytes) {
      throw new P2pError(
        P2pErrorCode.TOO_LARGE,
        `a ${topic} message has at most ${maxBytes} bytes, but this one has ${data.length}: peers would reject it`,
        { topic, limitBytes: maxBytes },
      );
    }
    const { gossip } = this.#running();
    if (!gossip)
      throw new P2pError(P2pErrorCode.NOT_STARTED, "a bootstrap node does not gossip: publish from another node", {
        topic,
      });
    if (!this.#gossipValidator.mayRelay(topic)) {
      throw new P2pError(
        P2pErrorCode.RATE_LIMITED,
        `peers accept no more ${topic} messages from one node for now: publish it again in a few seconds`,
        { topic },
      );
    }
    // Transactions are offered again until somebody hears them; gossipsub sends what it has published once no more.
    const subscribers = this.subscribers(topic).length;
    if (topic === "tx" && subscribers === 0) return 0;
    // A copy: gossipsub keeps it to answer peers that ask for it later.
    const { recipients } = await gossip.publish(topicName(this.#settings.network, topic), data.slice());
    this.#metrics.published(topic, data.length);
    // None for what went out before: they have it.
    return recipients.length || subscribers;
  }

  /** @throws ALREADY_SERVED, also for status, ping and goodbye, which this class answers itself */
  serve(protocol: RequestProtocol, handler: RequestHandler): void {
    this.#server.setHandler(protocol, handler);
  }

  peers(): readonly string[] {
    return this.#run?.views.accepted() ?? [];
  }

  async request(peer: string, request: PeerRequest, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#running().client.request(peer, request, signal);
  }

  penalize(peer: string, severity: "mild" | "severe", code: string): void {
    this.#takePoints(peer, PENALTY[severity], code);
  }

  /** This node's id. @throws NOT_STARTED */
  get peerId(): string {
    return this.#running().peerId;
  }

  /** Multiaddrs that end in /p2p/ and this node's id. */
  addresses(): readonly string[] {
    return this.#running().addresses();
  }

  /** This node's ENR as text, the form that BOOTSTRAP_NODES takes. */
  enr(): string {
    return this.#running().enr();
  }

  peersInfo(): readonly PeerInfo[] {
    return this.#run?.views.all() ?? [];
  }

  /**
   * Connected peers that listen to `topic` and can be spoken to: what is published while there are none reaches no one.
   */
  subscribers(topic: Topic): readonly string[] {
    return this.#run?.topics.subscribers(topic) ?? [];
  }

  /** Connects to a multiaddr that ends in /p2p/ and a peer id. @throws DIAL_FAILED */
  async dial(address: string, signal?: AbortSignal): Promise<void> {
    await this.#running().dial(address, signal);
  }

  /** Hears of peers that come, subscribe and leave; returns a function that ends it. */
  onPeer(listener: (event: PeerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #running(): P2pRun {
    if (this.#run) return this.#run;
    throw new P2pError(P2pErrorCode.NOT_STARTED, "the p2p node is not running: start it first", {});
  }

  readonly #takePoints = (peer: string, points: number, code: string): void => {
    this.#metrics.penalized(points);
    const score = this.#scores.penalize(peer, points);
    if (points >= 1) this.#logger.debug("peer penalised", { peer, points, code, score });
    if (score <= EXPELLED_AT && this.#bans.reasonOf(peer) === undefined) void this.#run?.gate.expel(peer, code);
  };
}
