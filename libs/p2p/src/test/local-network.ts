import { randomBytes } from "node:crypto";
import type { Clock, LogFields, Logger, Meter, Topic } from "@sprtn/ports";
import type { NetworkId } from "../network.js";
import type { P2pDependencies } from "../p2p-dependencies.js";
import { P2pNode } from "../p2p-node.js";
import type { P2pSettings } from "../p2p-settings.js";

export const NETWORK: NetworkId = { chainId: 31_337n, rollupVersion: 1n };

export const realClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export const silentMeter: Meter = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ observe: () => {} }),
};

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** Keeps what is logged. */
export function recordingLogger(lines: LogLine[]): Logger {
  const at = (level: string) => (message: string, fields?: LogFields) => void lines.push({ level, message, fields });
  const logger: Logger = {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    verbose: at("verbose"),
    debug: at("debug"),
    child: () => logger,
  };
  return logger;
}

export interface TestNode {
  readonly node: P2pNode;
  readonly lines: LogLine[];
}

/** Nodes on 127.0.0.1 with ephemeral ports; stop them all with `stop`. */
export class LocalNetwork {
  readonly #nodes: P2pNode[] = [];

  create(settings: Partial<P2pSettings> = {}, dependencies: Partial<P2pDependencies> = {}): TestNode {
    const lines: LogLine[] = [];
    const node = new P2pNode(
      {
        clock: realClock,
        random: { bytes: length => new Uint8Array(randomBytes(length)) },
        logger: recordingLogger(lines),
        meter: silentMeter,
        // All nodes of a test share its thread: whether that is busy must not matter.
        threadTime: () => ({ active: 0, idle: 0 }),
        ...dependencies,
      },
      {
        network: NETWORK,
        role: "node",
        tcpListen: { host: "127.0.0.1", port: 0 },
        udpListen: { host: "127.0.0.1", port: 0 },
        queryForIp: false,
        discovery: false,
        minPeers: 8,
        maxPeers: 50,
        maxPeersPerAddress: 10,
        bootstrapNodes: [],
        ...settings,
      },
    );
    this.#nodes.push(node);
    return { node, lines };
  }

  async started(settings: Partial<P2pSettings> = {}, dependencies: Partial<P2pDependencies> = {}): Promise<TestNode> {
    const made = this.create(settings, dependencies);
    await made.node.start(new AbortController().signal);
    return made;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.splice(0).map(node => node.stop()));
  }
}

/** Resolves when `node` has accepted `count` peers. */
export function acceptedPeers(node: P2pNode, count: number): Promise<void> {
  return until(node, () => node.peers().length >= count);
}

/** Resolves when `count` peers of `node` listen to `topic`: it can publish to them. They may not know of it yet. */
export function subscribed(node: P2pNode, topic: Topic, count: number): Promise<void> {
  return until(node, () => node.subscribers(topic).length >= count);
}

/** Resolves when `node` has no connection to `peer` any more. */
export function gone(node: P2pNode, peer: string): Promise<void> {
  return until(node, () => node.peersInfo().every(info => info.peer !== peer));
}

/** Resolves when a connection to `peer` closes that is open now or opens later. */
export function parted(node: P2pNode, peer: string): Promise<void> {
  return new Promise(resolve => {
    const end = node.onPeer(event => {
      if (event.type !== "left" || event.peer !== peer) return;
      end();
      resolve();
    });
  });
}

/** Resolves at the first peer event after which `done` holds, or at once. */
function until(node: P2pNode, done: () => boolean): Promise<void> {
  return new Promise(resolve => {
    if (done()) return resolve();
    const end = node.onPeer(() => {
      if (!done()) return;
      end();
      resolve();
    });
  });
}
