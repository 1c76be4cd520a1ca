import { messageOf } from "@sprtn/primitives";
import type { Logger, RequestHandler } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";
import type { BanList } from "./ban-list.js";
import type { NetworkId } from "./network.js";
import type { P2pMetrics } from "./p2p-metrics.js";
import type { PartingLog } from "./parting-log.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";
import type { PeerBook, PeerEntry } from "./peer-book.js";
import { decodeStatus, encodeStatus, sameNetwork } from "./status-message.js";

/** How long a peer of another network is not dialled. */
const OTHER_NETWORK_BAN_MS = 10 * 60_000;
const EXPELLED_BAN_MS = 30 * 60_000;
/** How long a peer that said goodbye is not dialled. */
const GOODBYE_PAUSE_MS = 5 * 60_000;
/** What no honest peer answers to a status. Others are slow, gone or refuse. */
const atFault: readonly P2pErrorCode[] = [P2pErrorCode.MALFORMED, P2pErrorCode.TOO_LARGE];

export interface PeerGateDependencies {
  readonly logger: Logger;
  readonly metrics: P2pMetrics;
  readonly book: PeerBook;
  readonly bans: BanList;
  readonly partings: PartingLog;
  /** Sends this node's status, returns the peer's. @throws P2pError */
  readonly requestStatus: (peer: string, status: Uint8Array) => Promise<Uint8Array>;
  readonly sayGoodbye: (peer: string, code: string) => Promise<void>;
  readonly hangUp: (peer: string) => Promise<void>;
  readonly onAccepted: (entry: PeerEntry) => void;
  readonly onGoodbye: (peer: string, pauseMs: number) => void;
}

/** Decides who stays connected: peers of this network, as long as they behave. */
export class PeerGate {
  readonly #dependencies: PeerGateDependencies;
  readonly #network: NetworkId;
  /** Whom this node is sending away, so that it happens once. */
  readonly #leaving = new LruMap<string, true>(1_000);

  constructor(dependencies: PeerGateDependencies, settings: { readonly network: NetworkId }) {
    this.#dependencies = dependencies;
    this.#network = settings.network;
  }

  /** Exchanges statuses with a connected peer and sends it away if that fails. Never rejects. */
  async check(peer: string): Promise<void> {
    const { book, logger, partings, requestStatus, hangUp } = this.#dependencies;
    const entry = book.get(peer);
    if (!entry || entry.asking) return;
    entry.asking = true;
    try {
      this.#judge(peer, await requestStatus(peer, this.#ownStatus()));
    } catch (error) {
      const code = error instanceof P2pError ? error.code : P2pErrorCode.MALFORMED;
      logger.debug("status exchange failed", { peer, code, error: messageOf(error) });
      if (isOtherNetwork(error)) await this.expel(peer, P2pErrorCode.OTHER_NETWORK);
      // Too many questions is not a reason to part; neither is that this node stops.
      else if (code !== P2pErrorCode.RATE_LIMITED && code !== P2pErrorCode.ABORTED) {
        if (atFault.includes(code)) partings.parted(peer, code);
        await hangUp(peer);
      }
    } finally {
      entry.asking = false;
    }
  }

  /** Serves `status`. A peer of another network gets the code and is sent away. */
  readonly answerStatus: RequestHandler = async ({ data, from }) => {
    try {
      this.#judge(from, data);
    } catch (error) {
      if (isOtherNetwork(error)) void this.expel(from, P2pErrorCode.OTHER_NETWORK);
      throw error;
    }
    return this.#ownStatus();
  };

  /** Serves `goodbye`: the peer is about to close the connection, and is not dialled for a while. */
  readonly answerGoodbye: RequestHandler = async ({ data, from }) => {
    const code = String.fromCharCode(...data).replace(/[^A-Z0-9_]/g, "");
    this.#dependencies.logger.debug("peer said goodbye", { peer: from, code });
    this.#dependencies.onGoodbye(from, GOODBYE_PAUSE_MS);
    return new Uint8Array();
  };

  /** Says goodbye, hangs up, and keeps the peer away for a while. Never rejects. */
  async expel(peer: string, code: string): Promise<void> {
    const { bans, logger, metrics, partings, sayGoodbye, hangUp } = this.#dependencies;
    bans.ban(peer, code === P2pErrorCode.OTHER_NETWORK ? OTHER_NETWORK_BAN_MS : EXPELLED_BAN_MS, code);
    if (this.#leaving.has(peer)) return;
    this.#leaving.set(peer, true);
    try {
      if (code === P2pErrorCode.OTHER_NETWORK) logger.debug("peer of another network sent away", { peer, code });
      else partings.parted(peer, code);
      metrics.expelled();
      await sayGoodbye(peer, code);
    } finally {
      await hangUp(peer);
      this.#leaving.delete(peer);
    }
  }

  /** Says goodbye and hangs up; the peer may come back. Never rejects. */
  async dismiss(peer: string, code: string): Promise<void> {
    if (this.#leaving.has(peer)) return;
    this.#leaving.set(peer, true);
    try {
      this.#dependencies.logger.debug("peer makes room", { peer, code });
      await this.#dependencies.sayGoodbye(peer, code);
    } finally {
      await this.#dependencies.hangUp(peer);
      this.#leaving.delete(peer);
    }
  }

  /** @throws OTHER_NETWORK, MALFORMED */
  #judge(peer: string, bytes: Uint8Array): void {
    const network = decodeStatus(bytes);
    if (!sameNetwork(network, this.#network)) {
      throw new P2pError(
        P2pErrorCode.OTHER_NETWORK,
        `peer ${peer} belongs to chain ${network.chainId}, version ${network.rollupVersion}`,
        { peer },
      );
    }
    const { book, onAccepted } = this.#dependencies;
    if (book.accept(peer)) onAccepted(book.get(peer) as PeerEntry);
  }

  #ownStatus(): Uint8Array {
    return encodeStatus(this.#network);
  }
}

function isOtherNetwork(error: unknown): boolean {
  return (
    error instanceof P2pError &&
    (error.code === P2pErrorCode.OTHER_NETWORK || error.payload.remoteCode === P2pErrorCode.OTHER_NETWORK)
  );
}
